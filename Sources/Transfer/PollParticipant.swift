// SPDX-License-Identifier: Apache-2.0

/// Something that has transfers on an executor's thread.
protocol PollParticipant: AnyObject {
    /// Called on the thread when it ends: nothing drives the transfers from now on.
    func executorEnds()
}

/// A weak reference to a participant, which is only followed on the executor's thread.
struct PollParticipantEntry: @unchecked Sendable {
    private(set) weak var participant: (any PollParticipant)?

    init(_ participant: any PollParticipant) {
        self.participant = participant
    }
}
