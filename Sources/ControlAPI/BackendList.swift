// SPDX-License-Identifier: Apache-2.0

/// The answer to `GET /v1/backends`.
package struct BackendList: Codable, Sendable, Hashable {
    package var backends: [BackendView]

    package init(backends: [BackendView]) {
        self.backends = backends
    }
}
