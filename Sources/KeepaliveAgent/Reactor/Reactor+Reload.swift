// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

extension Reactor {
    /// Goes over to another configuration of the backends; those that are not part of the change notice nothing.
    ///
    /// - Returns: nil when the agent stops.
    /// - Throws: when a URL or a TLS file cannot be used; nothing is changed then.
    package func apply(_ change: ConfigurationChange) throws(BackendProblem) -> ReloadOutcome? {
        guard !isStopping else { return nil }
        sweep()
        let (added, changed) = try makeBackends(change)
        var outcome = ReloadOutcome()
        // First, so that none of them gets the index of one that only now leaves.
        for backend in added { add(backend) }
        for (index, backend) in changed { replace(index, by: backend, &outcome) }
        for backend in change.removed { remove(backend.name, &outcome) }
        let touched = Set((added + changed.map(\.1)).map(\.configuration.name))
        for (name, index) in indices where !touched.contains(name) {
            outcome.untouchedSessions += engine.status(of: index).sessions.total
        }
        outcome.indices = indices
        executor.wake()
        return outcome
    }

    private func makeBackends(
        _ change: ConfigurationChange
    ) throws(BackendProblem) -> (added: [Backend], changed: [(BackendIndex, Backend)]) {
        var added: [Backend] = []
        var changed: [(BackendIndex, Backend)] = []
        do throws(BackendProblem) {
            for configuration in change.added { added.append(try make(configuration, before: nil)) }
            for configuration in change.changed {
                guard let index = indices[configuration.name] else {
                    preconditionFailure("a backend that changed is configured")
                }
                changed.append((index, try make(configuration, before: backends[Int(index)])))
            }
        } catch {
            for backend in added { pool.close(backend.endpoint) }
            for (index, backend) in changed where backend.endpoint !== backends[Int(index)].endpoint {
                pool.close(backend.endpoint)
            }
            throw error
        }
        return (added, changed)
    }

    private func make(_ configuration: BackendConfiguration, before: Backend?) throws(BackendProblem) -> Backend {
        do throws(TransferError) {
            return try Backend(configuration, pool: pool, before: before)
        } catch {
            throw BackendProblem(backend: configuration.name, error: error)
        }
    }

    // MARK: Added

    private func add(_ backend: Backend) {
        let configuration = backend.configuration
        instruments.makeRoom(forBackends: indices.count + 1)
        let index = engine.add(configuration.policy, at: clock.now(), using: &random, into: &actions)
        install(backend, at: index, before: nil)
        indices[configuration.name] = index
        carryOut()
        for _ in 0..<configuration.ownSessions { own(index) }
    }

    private func install(_ backend: Backend, at index: BackendIndex, before: BackendInstruments?) {
        var generator = EntropyBuffer()
        let position = Int(index)
        let client = SessionClient(
            backend: backend,
            index: index,
            pool: pool,
            clock: clock,
            requestIDs: RequestIDSource(using: &generator)
        )
        let instruments = BackendInstruments(
            backend: backend.configuration.name,
            method: backend.configuration.policy.method,
            instruments: instruments,
            before: before
        )
        backends.replaceOrAppend(backend, at: position)
        if before == nil, position < latencies.count { latencies[position] = RecentLatencies() }
        clients.replaceOrAppend(client, at: position)
        series.replaceOrAppend(instruments, at: position)
        recording.replace(backend.configuration, instruments, at: position)
    }

    // MARK: Changed

    private func replace(_ index: BackendIndex, by backend: Backend, _ outcome: inout ReloadOutcome) {
        let (old, client) = (backends[Int(index)], clients[Int(index)])
        let (before, after) = (old.configuration, backend.configuration)
        install(backend, at: index, before: series[Int(index)])
        if old.endpoint !== backend.endpoint { outdated.append(client) }
        engine.change(
            index,
            to: after.policy,
            isOtherServer: before.url != after.url,
            isOtherTool: before.tool != after.tool,
            at: clock.now(),
            using: &random,
            into: &actions
        )
        carryOut()
        if backend.headersRevision != old.headersRevision { sessions.refreshHeaders(on: index, of: backend) }
        // What was refused may be taken now.
        for handle in pausedSessions where sessions[handle]?.backend == index { feed(.credentialChanged(handle)) }
        adjustOwnedSessions(index, from: before, to: after)
        guard before.url != after.url else { return }
        let attached = sessions.handles(on: index).count { sessions.origin(of: $0) == .attached }
        if attached > 0 { outcome.moved.append((after.name, attached)) }
    }

    /// Opens what is missing and closes what is too much. A backend that is switched off has no open sessions of the agent's
    /// own, as if it had been so from the start.
    private func adjustOwnedSessions(
        _ index: BackendIndex,
        from before: BackendConfiguration,
        to after: BackendConfiguration
    ) {
        guard before.ownSessions > 0 || after.ownSessions > 0 else { return }
        let owned = sessions.handles(on: index)
            .filter { sessions.origin(of: $0) == .owned && !closings.contains($0) }
        let isSwitchedOff = after.policy.switchedOff != nil && before.policy.switchedOff == nil
        let open = owned.filter { isOpen($0) }
        var surplus = isSwitchedOff ? open : []
        let rest = isSwitchedOff ? owned.filter { !isOpen($0) } : owned.filter { !isOpen($0) } + open
        surplus += rest.prefix(max(0, rest.count - after.ownSessions))
        // Without `reinitialize` those that were lost stay lost.
        let wanted =
            after.policy.reinitialize ? after.ownSessions : after.ownSessions - before.ownSessions + owned.count
        for _ in 0..<max(0, min(wanted, after.ownSessions) - (owned.count - surplus.count)) { own(index) }
        close(surplus, on: index)
    }

    private func isOpen(_ handle: SessionHandle) -> Bool {
        openings[handle] != nil || sessions.withIdentifier(of: handle) { !$0.isEmpty }
    }

    // MARK: Removed

    private func remove(_ name: String, _ outcome: inout ReloadOutcome) {
        guard let index = indices.removeValue(forKey: name) else {
            preconditionFailure("a backend that is removed is configured")
        }
        let handles = sessions.handles(on: index)
        let owned = handles.filter { sessions.origin(of: $0) == .owned }
        outcome.released.formUnion(handles.filter { sessions.origin(of: $0) == .attached })
        engine.remove(index, at: clock.now(), using: &random, into: &actions)
        leaving.append(index)
        carryOut()
        instruments.removeBackend(name)
        close(owned.filter { !closings.contains($0) }, on: index)
    }

    /// Ends owned sessions properly, beside everything else, and only so many at once as the backend has connections for.
    private func close(_ handles: [SessionHandle], on index: BackendIndex) {
        guard !handles.isEmpty else { return }
        closings.formUnion(handles)
        let width = min(Self.closingWidth, backends[Int(index)].endpoint.options.maxConnections)
        Task {
            for start in stride(from: 0, to: handles.count, by: width) where !isStopping {
                let portion = handles[start..<min(start + width, handles.count)]
                let tasks = portion.map { handle in Task { await self.close(handle, because: .configuration) } }
                for task in tasks { await task.value }
            }
            closings.subtract(handles)
            executor.wake()
        }
    }

    // MARK: What is left

    /// Lets go of backends without sessions that were removed, and of connections that are not used any more.
    func sweep() {
        leaving.removeAll { index in
            guard engine.isVacant(index) else { return false }
            let name = backends[Int(index)].configuration.name
            // What the end of its sessions was counted in; unless a backend of that name came back.
            if indices[name] == nil { instruments.removeBackend(name) }
            outdated.append(clients[Int(index)])
            return true
        }
        outdated.removeAll { client in
            let endpoint = client.backend.endpoint
            guard client.operations == 0, endpoint.requestsInFlight == 0 else { return false }
            pool.close(endpoint)
            return true
        }
    }
}
