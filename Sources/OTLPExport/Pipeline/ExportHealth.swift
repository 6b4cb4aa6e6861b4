// SPDX-License-Identifier: Apache-2.0

/// Whether a signal's exports succeed; tells of changes only.
struct ExportHealth: Sendable {
    private var failing: String?
    private var failuresInARow = 0
    private var hasPartial = false

    /// A batch was accepted.
    mutating func succeeded(_ partial: PartialSuccess?) -> [ExportChange.Kind] {
        var changes: [ExportChange.Kind] = []
        if failing != nil { changes.append(.recovered) }
        failing = nil
        failuresInARow = 0
        if let partial, !hasPartial { changes.append(.partial(partial)) }
        hasPartial = partial != nil
        return changes
    }

    /// An attempt failed; one that is repeated counts as trouble from the second time on.
    mutating func failed(_ failure: ExportFailure, isFinal: Bool, details: String) -> [ExportChange.Kind] {
        failuresInARow += 1
        guard isFinal || failuresInARow > 1, failing != failure.errorType else { return [] }
        failing = failure.errorType
        return [.failing(errorType: failure.errorType, details: details)]
    }
}
