// SPDX-License-Identifier: Apache-2.0

/// The ends of transfers: by themselves, by a complete answer, by the agent.
extension TransferPool {
    func finish(_ slot: Slot, _ code: Int32, _ body: (UInt64, borrowing Completion) -> Void) {
        let handle = slot.handle
        if handle.state == .draining { return stopDraining(slot) }
        handle.remove(from: executor.multi)
        let isAnswered = handle.reception.isAnswered
        noteEnd(of: slot)
        handOver(handle, Completion(handle, error: handle.failure(code), answeredEarly: isAnswered), body)
        release(slot)
    }

    /// Answers that are complete although their streams go on.
    func handOverAnswered(_ body: (UInt64, borrowing Completion) -> Void) {
        var indices: [Int] = []
        swap(&indices, &inspection.answered)
        for index in indices {
            guard let slot = slots[index], slot.handle.state == .running, slot.handle.reception.isAnswered else {
                continue
            }
            noteEnd(of: slot)
            handOver(slot.handle, Completion(slot.handle, error: nil, answeredEarly: true), body)
            startDraining(slot)
        }
        indices.removeAll(keepingCapacity: true)
        if inspection.answered.isEmpty { inspection.answered = indices }
    }

    func handOverFailed(_ body: (UInt64, borrowing Completion) -> Void) {
        let ended = failed
        failed = []
        for (tag, error) in ended { body(tag, Completion(nil, error: error)) }
    }

    private func handOver(
        _ handle: EasyHandle,
        _ completion: borrowing Completion,
        _ body: (UInt64, borrowing Completion) -> Void
    ) {
        guard let waiter = handle.waiter else { return body(handle.tag, completion) }
        handle.waiter = nil
        if let error = completion.error {
            waiter.resolve(.failure(error))
        } else {
            waiter.resolve(.success(completion.response()))
        }
    }

    /// Ends a transfer that is under way or draining.
    func end(_ slot: Slot, _ error: TransferError) {
        let handle = slot.handle
        switch handle.state {
        case .idle:
            if slot.endpoint.isClosed { discard(slot) }
        case .ended:
            // Whoever hands it over sees to it.
            break
        case .draining:
            stopDraining(slot)
        case .running:
            handle.remove(from: executor.multi)
            noteEnd(of: slot)
            if let waiter = handle.waiter {
                handle.waiter = nil
                waiter.resolve(.failure(error))
            } else {
                failed.append((handle.tag, error))
                executor.wake()
            }
            release(slot)
        }
    }

    func endDrained() {
        let now = ContinuousClock.now
        for index in draining {
            guard let slot = slots[index], let deadline = slot.handle.drainDeadline else { continue }
            if deadline <= now { stopDraining(slot) } else { executor.turn(by: deadline) }
        }
    }

    private func startDraining(_ slot: Slot) {
        slot.handle.state = .draining
        slot.handle.drainDeadline = .now + slot.endpoint.options.drainTimeout
        draining.append(slot.handle.index)
        slot.endpoint.streamsDraining += 1
        if slot.endpoint.isClosed { return stopDraining(slot) }
        // A request that was started during the handover has taken the place of a stream, and connects only later.
        if slot.endpoint.connectionsInUse > slot.endpoint.options.maxConnections {
            stopDraining(oldestDraining(of: slot.endpoint) ?? slot)
        }
    }

    /// Ends a stream whose answer was handed over; its connection survives only when the stream has ended by itself.
    func stopDraining(_ slot: Slot) {
        slot.handle.remove(from: executor.multi)
        slot.handle.drainDeadline = nil
        draining.removeAll { $0 == slot.handle.index }
        slot.endpoint.streamsDraining -= 1
        release(slot)
    }

    private func noteEnd(of slot: Slot) {
        slot.handle.state = .ended
        slot.endpoint.requestsInFlight -= 1
        requestsInFlight -= 1
    }

    func release(_ slot: Slot) {
        slot.handle.state = .idle
        slot.handle.requestBody.removeAll()
        if slot.endpoint.isClosed { discard(slot) } else { slot.endpoint.idle.append(slot.handle.index) }
    }

    func discard(_ slot: Slot) {
        slots[slot.handle.index] = nil
        freeIndices.append(slot.handle.index)
    }
}

extension TransferPool: PollParticipant {
    /// Aborts everything: nobody would drive it any more.
    func executorEnds() {
        for case let slot? in slots { end(slot, .cancelled) }
    }
}
