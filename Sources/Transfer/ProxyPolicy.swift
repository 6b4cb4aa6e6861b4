// SPDX-License-Identifier: Apache-2.0

/// Which proxy requests to a destination go through.
package enum ProxyPolicy: Sendable, Hashable {
    /// None, whatever the environment says.
    case none
    /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
    case ambient
    /// This one, such as `http://proxy.internal:3128`.
    case url(String)
}
