// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// A policy that differs from the default in what `change` says.
func policy(_ change: (inout BackendPolicy) -> Void = { _ in }) -> BackendPolicy {
    var policy = BackendPolicy()
    change(&policy)
    return policy
}

/// A policy with ping and a fallback tool, and what `change` says.
func fallbackPolicy(_ change: (inout BackendPolicy) -> Void = { _ in }) -> BackendPolicy {
    policy {
        $0.method = .ping(hasFallback: true)
        change(&$0)
    }
}
