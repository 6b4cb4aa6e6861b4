// SPDX-License-Identifier: Apache-2.0

/// All transfers of one actor whose executor is a `PollExecutor`.
///
/// It is confined to that actor. In each turn the actor calls `takeFinished` once, and may then start requests. After
/// warm-up, starting and finishing a request allocates nothing here.
package final class TransferPool {
    /// Called inside a transfer with each new piece of the body of a request with `RequestHead.inspects`; true means that
    /// the answer is complete, although its stream may go on. It must not call the pool.
    package var inspector: ((_ tag: UInt64, borrowing PartialResponse, _ piece: Span<UInt8>) -> Bool)? {
        get { inspection.inspector }
        set { inspection.inspector = newValue }
    }

    /// Requests under way on all endpoints, without streams that only drain.
    package internal(set) var requestsInFlight = 0

    /// Streams that go on although their answers were handed over.
    package var streamsDraining: Int { draining.count }

    let executor: PollExecutor
    let cancellations = CancellationInbox()
    var lastRequestID: UInt64 = 0

    let inspection = Inspection()
    private let maxIdleConnections: Int
    var slots: [Slot?] = []
    var freeIndices: [Int] = []
    private var connectionsAllowed = 0
    /// Indices of handles whose streams drain, the oldest first.
    var draining: [Int] = []
    /// Ended by `abort` or never started; handed over by the next `takeFinished`.
    var failed: [(tag: UInt64, error: TransferError)] = []
    private var scratch: [UInt8] = []

    /// Makes an empty pool.
    /// - Parameters:
    ///   - executor: the executor of the actor that owns the pool.
    ///   - maxIdleConnections: how many connections are kept open for reuse at most, over all endpoints.
    package init(executor: PollExecutor, maxIdleConnections: Int = 1024) {
        self.executor = executor
        self.maxIdleConnections = maxIdleConnections
        executor.join(self)
    }

    deinit {
        executor.dispose(Disposal(slots.lazy.compactMap { $0?.handle }))
    }

    // MARK: Endpoints

    /// Makes an endpoint; nothing is sent yet.
    ///
    /// The handles of an endpoint are its cap on connections. libcurl's own cap per host is left alone: endpoints that
    /// share a host would wait for each other's.
    /// - Throws: when the URL or a header cannot be used.
    package func endpoint(_ options: EndpointOptions) throws(TransferError) -> Endpoint {
        let endpoint = Endpoint(try EndpointResources(options))
        connectionsAllowed += options.maxConnections
        executor.multi.keepIdleConnections(max(1, min(connectionsAllowed, maxIdleConnections)))
        return endpoint
    }

    /// Ends all requests of an endpoint as canceled and frees its handles; a request that is started later fails.
    /// Connections that are idle stay open until they are too old or too many.
    package func close(_ endpoint: Endpoint) {
        if endpoint.isClosed { return }
        endpoint.isClosed = true
        connectionsAllowed -= endpoint.options.maxConnections
        executor.multi.keepIdleConnections(max(1, min(connectionsAllowed, maxIdleConnections)))
        for case let slot? in slots where slot.endpoint === endpoint { end(slot, .cancelled) }
    }

    // MARK: The data plane

    /// Starts a request; its outcome is handed over by a later `takeFinished`, whatever happens.
    ///
    /// Never more than `EndpointOptions.maxConnections` requests of an endpoint are under way: one more fails with the
    /// `errno` ENOBUFS, unless a stream that only drains can be ended for it.
    /// - Parameters:
    ///   - tag: names the request towards the caller; not to be used again before its outcome is known.
    ///   - build: writes headers and body; called at once, or never when the request fails before.
    package func start(
        _ head: RequestHead,
        on endpoint: Endpoint,
        tag: UInt64,
        build: (inout RequestBuilder) -> Void
    ) {
        do throws(TransferError) {
            try begin(head, on: endpoint, tag: tag, waiter: nil, build: build)
        } catch {
            failed.append((tag, error))
            executor.wake()
        }
    }

    /// Ends the request at once and closes its connection; the next `takeFinished` hands it over as canceled. Does
    /// nothing when the outcome of the request has been handed over already.
    package func abort(tag: UInt64) {
        for case let slot? in slots where slot.handle.tag == tag && slot.handle.waiter == nil {
            if slot.handle.state == .running { return end(slot, .cancelled) }
        }
    }

    /// Lets all transfers go on, then hands over the outcome of those that ended since.
    ///
    /// The closure may call `start`, `abort` and `close`. What it starts or aborts is handed over by the next call, which
    /// the executor then makes without waiting.
    package func takeFinished(_ body: (_ tag: UInt64, borrowing Completion) -> Void) {
        for id in cancellations.takeAll() { abortRequest(id) }
        executor.multi.perform()
        while let (index, code) = executor.multi.nextEnded() {
            if let slot = slots[index] { finish(slot, code, body) }
        }
        if !inspection.answered.isEmpty { handOverAnswered(body) }
        if !failed.isEmpty { handOverFailed(body) }
        if !draining.isEmpty { endDrained() }
    }
}

extension TransferPool {
    /// A handle and the endpoint that it belongs to.
    struct Slot {
        let handle: EasyHandle
        let endpoint: Endpoint
    }

    /// Starts a request on a free handle of the endpoint.
    func begin(
        _ head: RequestHead,
        on endpoint: Endpoint,
        tag: UInt64,
        waiter: TransferWaiter?,
        build: (inout RequestBuilder) -> Void
    ) throws(TransferError) {
        if executor.hasStopped { throw .cancelled }
        assert(executor.isIsolatingCurrentContext() == true, "a pool is used on its executor")
        let slot = try freeSlot(of: endpoint)
        let handle = slot.handle
        handle.headers.removeAll()
        var builder = RequestBuilder(headers: handle.headers, body: takeScratch())
        build(&builder)
        handle.requestBody.replace(with: builder.body.span)
        giveBackScratch(builder)
        do throws(TransferError) {
            if let name = handle.headers.refusedName { throw .invalidHeader(name) }
            try handle.start(head, in: executor.multi)
        } catch {
            endpoint.idle.append(handle.index)
            throw error
        }
        handle.tag = tag
        handle.waiter = waiter
        handle.state = .running
        endpoint.requestsInFlight += 1
        requestsInFlight += 1
        // The transfer has not sent anything yet; another turn does so sooner and cheaper than waiting for its timer.
        executor.wake()
    }

    /// Aborts a request of the control plane.
    func abortRequest(_ id: UInt64) {
        for case let slot? in slots where slot.handle.waiter?.id == id && slot.handle.state == .running {
            return end(slot, .cancelled)
        }
    }

    private func freeSlot(of endpoint: Endpoint) throws(TransferError) -> Slot {
        if endpoint.isClosed { throw .closedEndpoint }
        if endpoint.connectionsInUse >= endpoint.options.maxConnections {
            guard let slot = oldestDraining(of: endpoint) else { throw .noFreeConnection }
            stopDraining(slot)
        }
        if let index = endpoint.idle.popLast(), let slot = slots[index] { return slot }
        let index = freeIndices.last ?? slots.count
        let handle = try EasyHandle(index: index, resources: endpoint.resources, inspection: inspection)
        let slot = Slot(handle: handle, endpoint: endpoint)
        if freeIndices.popLast() == nil { slots.append(slot) } else { slots[index] = slot }
        return slot
    }

    func oldestDraining(of endpoint: Endpoint) -> Slot? {
        for index in draining {
            if let slot = slots[index], slot.endpoint === endpoint { return slot }
        }
        return nil
    }

    private func takeScratch() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &scratch)
        return taken
    }

    private func giveBackScratch(_ builder: consuming RequestBuilder) {
        var bytes = builder.takeBody()
        if bytes.capacity > 64 * 1024 { return }
        bytes.removeAll(keepingCapacity: true)
        scratch = bytes
    }
}
