// SPDX-License-Identifier: Apache-2.0

/// `api.webhook`: where events are POSTed to.
package struct WebhookConfiguration: Sendable, Hashable {
    /// `url`: `http` or `https`; a query may hold a secret. Required.
    package var url: String
    /// `headers`: sent with every POST; values may hold secrets. Empty by default.
    package var headers: [HeaderConfiguration] = []

    package init(url: String) {
        self.url = url
    }
}
