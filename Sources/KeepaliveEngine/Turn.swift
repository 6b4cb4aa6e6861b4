// SPDX-License-Identifier: Apache-2.0

/// What one call of the engine works with: the time, chance, and the actions that come of it.
struct Turn {
    let now: Tick
    var random: SplitMix64
    var actions: [Action] = []

    mutating func emit(_ event: Event) {
        actions.append(.emit(event))
    }

    mutating func perform(_ action: Action) {
        actions.append(action)
    }
}
