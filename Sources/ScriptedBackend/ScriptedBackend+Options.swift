// SPDX-License-Identifier: Apache-2.0

extension ScriptedBackend {
    /// What a backend is like, before any script.
    package struct Options: Sendable {
        /// How long a session lives after the end of its last request; nil: for ever.
        package var idleTTL: Duration?
        /// Whether the TTL is told to clients: in `Mcp-Session-Idle-Ttl` and in the initialize result, whole seconds.
        package var advertisesTTL = false
        /// False makes it a stateless server: no ids are issued and none are asked for.
        package var issuesSessionIDs = true
        /// The form of the responses.
        package var answersAs = AnswerForm.json
        /// What initialize answers, whatever was asked for.
        package var protocolVersion = "2025-11-25"
        /// The tools by name, with whether they are marked read-only.
        package var tools: [String: Bool] = ["peek": true]

        /// A backend as most are: sessions that live for ever, JSON, one read-only tool `peek`.
        package init() {}

        /// A backend whose sessions die after this time without a request.
        package init(idleTTL: Duration, advertisesTTL: Bool = false) {
            self.idleTTL = idleTTL
            self.advertisesTTL = advertisesTTL
        }
    }
}
