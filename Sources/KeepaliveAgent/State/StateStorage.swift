// SPDX-License-Identifier: Apache-2.0

/// Where registrations are kept so that they survive a restart of the agent.
package protocol StateStorage: Sendable {
    /// Keeps a session, in place of the one of the same name; true when it survives whatever comes.
    func put(_ session: StoredSession) async -> Bool
    /// Forgets a session; true when it stays forgotten whatever comes.
    func remove(backend: String, key: String) async -> Bool
    /// Keeps what is new about sessions that are not removed, and about backends.
    func save(successes: [StoredSuccess], backends: [StoredBackend]) async -> Bool
    /// Puts this state in place of all that is kept; true when the storage works again.
    ///
    /// Called on the actor whose state it is, with nothing awaited in between.
    func recover(with state: StoredState) async -> Bool
    /// Ends what was asked for so far.
    func close() async
    /// Why what is acknowledged may not survive a restart, in words without secrets; nil when all is well.
    var problem: String? { get }
    /// When a damaged file was last set aside since the start, in milliseconds since 1970; nil when none was.
    var lastDamage: Int64? { get }
    /// Whether it can ever work again; without that nothing is offered to it.
    var canRecover: Bool { get }
    /// The folder.
    var directory: String { get }
}

extension StateStorage {
    package var canRecover: Bool { true }
    package var lastDamage: Int64? { nil }
}
