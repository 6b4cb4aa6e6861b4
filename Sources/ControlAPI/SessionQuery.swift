// SPDX-License-Identifier: Apache-2.0

/// Which sessions `GET /v1/sessions` is to list.
package struct SessionQuery: Sendable, Hashable {
    /// `backend`: those of one backend; all by default.
    package var backend: String?
    /// `after`: the `next` of the page before.
    package var after: String?
    /// `limit`: the most sessions, 1...1000.
    package var limit = SessionPage.largest

    package init(backend: String? = nil, after: String? = nil, limit: Int = SessionPage.largest) {
        self.backend = backend
        self.after = after
        self.limit = limit
    }
}
