// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc
import Locking
import Synchronization

/// The serial executor of an actor that owns transfers: one thread, waiting inside `curl_multi_poll`.
///
/// The thread repeats: run the jobs that were enqueued, call the body given to `start`, wait. The actor enters itself in
/// that body with `assumeIsolated`, so that its turn costs no task and no hop. All signals are blocked on the thread.
@safe
package final class PollExecutor: SerialExecutor, @unchecked Sendable {
    /// The transfers that the thread waits for.
    let multi = MultiHandle()

    private let name: String
    private let state = Locked(PollExecutorState())
    /// The thread that runs jobs right now; 0 when none does.
    private let thread = Atomic<UInt>(0)
    /// A wake-up is under way that no `poll` has consumed yet; saves the system call of further ones.
    private let woken = Atomic<Bool>(false)
    /// Set before the last jobs run: transfers are no longer driven.
    private let ending = Atomic<Bool>(false)

    /// Confined to the thread: the loop has to turn by then.
    private var turnDeadline: ContinuousClock.Instant?
    /// Confined to the thread: the loop has to turn again without waiting.
    private var turnsAtOnce = false

    /// Prepares an executor; jobs wait until `start`.
    /// - Parameter name: the name of its thread, of which Linux keeps 15 bytes.
    package init(name: String) {
        self.name = name
    }

    deinit {
        for disposal in state.withLock({ $0.leftovers }) { disposal.free(from: multi) }
    }

    /// Starts the thread; to be called once. Does nothing after `stop`.
    /// - Parameter body: called on the thread in each turn, after the jobs; returns how long the thread may wait: nil until
    ///   something happens, zero not at all. Rounded up to a millisecond.
    package func start(turning body: @escaping @Sendable () -> Duration?) {
        guard state.withLock({ $0.begin() }) else {
            precondition(hasStopped, "a PollExecutor is started once")
            return
        }
        guard PollThread.run(named: name, { [self] in loop(turning: body) }) else {
            preconditionFailure("no thread can be created for \(name)")
        }
    }

    /// Makes the loop turn soon; callable from any thread.
    package func wake() {
        if isCurrentThread {
            turnsAtOnce = true
        } else if !woken.exchange(true, ordering: .sequentiallyConsistent) {
            multi.wakeUp()
        }
    }

    /// Ends the thread after the jobs that are enqueued so far; does not wait for it.
    ///
    /// Transfers that are still under way are aborted, waiting `send`s fail as canceled. Jobs that are enqueued later run
    /// on a thread that lives just for them. Without a `stop` the thread and what it refers to live on.
    package func stop() {
        let (work, neverRan) = state.withLock { state in (state.requestStop(), state.hasEnded) }
        if neverRan { ending.store(true, ordering: .releasing) }
        perform(work)
    }

    /// Whether `stop` was called and transfers are no longer driven.
    package var hasStopped: Bool { ending.load(ordering: .acquiring) }

    /// Queues a job for the thread; callable from any thread, at any time in the executor's life.
    package func enqueue(_ job: consuming ExecutorJob) {
        // The runtime calls this without owning the executor. As soon as the job is in the queue it may run, and with it
        // the actor and the last reference may go, before this thread gets around to waking the other one.
        let retained = unsafe Unmanaged.passRetained(self)
        defer { unsafe retained.release() }
        let job = UnownedJob(job)
        let work = state.withLock { state in state.enqueue(job) }
        perform(work)
    }

    /// What the actor's `unownedExecutor` returns.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Whether the caller runs on this executor: lets `assumeIsolated` succeed outside of jobs.
    package func isIsolatingCurrentContext() -> Bool? { isCurrentThread }

    /// Ends the process unless the caller runs on this executor.
    package func checkIsolated() {
        precondition(isCurrentThread, "not on the thread of the executor \(name)")
    }

    // MARK: For the pools on this executor

    /// Registers a pool that is told when the thread ends.
    func join(_ participant: any PollParticipant) {
        let entry = PollParticipantEntry(participant)
        state.withLock { $0.participants.append(entry) }
    }

    /// Makes the loop turn by then; holds for the current turn only. To be called on the thread.
    func turn(by instant: ContinuousClock.Instant) {
        if let earlier = turnDeadline, earlier <= instant { return }
        turnDeadline = instant
    }

    /// Frees handles where no transfer is being driven at the same moment.
    func dispose(_ disposal: Disposal) {
        let work = state.withLock { $0.dispose(disposal) }
        perform(work)
    }

    // MARK: The loop

    private var isCurrentThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    private func perform(_ work: PollExecutorState.Work) {
        switch work {
        case .none: break
        case .wake: if !isCurrentThread { wake() }
        case .runStragglers:
            if !PollThread.run(named: name, { [self] in runStragglers() }) { runStragglers() }
        }
    }

    private func loop(turning body: () -> Duration?) {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        while true {
            runJobs()
            if state.withLock({ $0.mayEnd }) { break }
            turnDeadline = nil
            turnsAtOnce = false
            let wait = body()
            let milliseconds = pollLimit(wait)
            if milliseconds > 0 {
                multi.poll(milliseconds: milliseconds)
                woken.store(false, ordering: .sequentiallyConsistent)
            }
        }
        end()
    }

    private func pollLimit(_ wait: Duration?) -> Int32 {
        if turnsAtOnce || state.withLock({ $0.hasWork }) { return 0 }
        var wait = wait
        if let turnDeadline {
            let left = max(.zero, ContinuousClock.now.duration(to: turnDeadline))
            wait = min(wait ?? left, left)
        }
        guard let wait else { return .max }
        return Int32(clamping: wait.millisecondsRoundedUp)
    }

    private func end() {
        ending.store(true, ordering: .releasing)
        let participants = state.withLock { $0.participants }
        for entry in participants { entry.participant?.executorEnds() }
        runJobs()
        thread.store(0, ordering: .relaxed)
        perform(state.withLock { $0.end() })
    }

    private func runJobs() {
        while true {
            let (jobs, disposals) = state.withLock { state in state.takeWork() }
            for disposal in disposals { disposal.free(from: multi) }
            if jobs.isEmpty, disposals.isEmpty { return }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            state.withLock { state in state.giveBack(jobs) }
        }
    }

    private func runStragglers() {
        repeat {
            thread.store(UInt(pthread_self()), ordering: .relaxed)
            runJobs()
            thread.store(0, ordering: .relaxed)
        } while state.withLock({ !$0.endStragglers() })
    }
}
