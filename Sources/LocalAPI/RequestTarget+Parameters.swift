// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI

extension RequestTarget {
    /// The value of each parameter.
    ///
    /// - Throws: `invalid_parameter` when one is unknown, empty or there twice.
    func values(of known: [String]) throws(ControlProblem) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in parameters {
            guard known.contains(parameter.name) else {
                let words = known.isEmpty ? "none is known here" : "known are \(known.joined(separator: ", "))"
                throw ControlProblem(.invalidParameter, "unknown parameter in the query; \(words)")
            }
            guard !parameter.value.isEmpty else {
                throw ControlProblem(.invalidParameter, "\(parameter.name): expected a value")
            }
            guard values.updateValue(parameter.value, forKey: parameter.name) == nil else {
                throw ControlProblem(.invalidParameter, "\(parameter.name): is there twice")
            }
        }
        return values
    }
}

extension SessionQuery {
    init(_ values: [String: String]) throws(ControlProblem) {
        self.init(backend: values["backend"], after: values["after"])
        guard let text = values["limit"] else { return }
        guard let limit = Int(text), (1...SessionPage.largest).contains(limit) else {
            throw ControlProblem(.invalidParameter, "limit: expected 1 to \(SessionPage.largest)")
        }
        self.limit = limit
    }
}

extension AgentEvent.Kind {
    /// Those that a client gets unless it asks for others: what a gateway needs.
    static let usual: Set<AgentEvent.Kind> = [.lost, .disabled, .enabled, .released]

    /// Reads a list with commas in between.
    static func list(_ text: String?) throws(ControlProblem) -> Set<AgentEvent.Kind> {
        guard let text else { return usual }
        var kinds: Set<AgentEvent.Kind> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let kind = AgentEvent.Kind(rawValue: String(word)) else {
                let known = allCases.map(\.rawValue).joined(separator: ", ")
                throw ControlProblem(.invalidParameter, "kinds: expected some of \(known) with commas in between")
            }
            kinds.insert(kind)
        }
        return kinds
    }
}
