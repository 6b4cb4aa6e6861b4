// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Crypto
import KeepaliveEngine

extension BackendConfiguration {
    /// Tells servers and calls apart, over restarts too: a hash of the URL, the method and the tool, of which the URL may have a
    /// secret in its query.
    var signature: String {
        let text = [
            url, "\(policy.method)", tool?.name ?? "",
            tool.map { String(decoding: $0.arguments.json, as: UTF8.self) } ?? "",
        ]
        .joined(separator: "\n")
        return SHA256.hash(data: Array(text.utf8)).prefix(8).map { String($0, radix: 16) }.joined(separator: ".")
    }
}
