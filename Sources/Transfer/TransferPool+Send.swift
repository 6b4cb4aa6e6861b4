// SPDX-License-Identifier: Apache-2.0

extension TransferPool {
    /// Sends one request of the control plane and waits for the whole response. Canceling the task aborts it at once.
    ///
    /// To be called on the actor that owns the pool; other work of the actor goes on meanwhile. Its completion happens
    /// inside `takeFinished`, without being handed over there.
    /// - Throws: the failure of the transfer; a response with an error status is none.
    package nonisolated(nonsending) func send(
        _ request: Request,
        on endpoint: Endpoint
    ) async throws(TransferError) -> Response {
        if Task.isCancelled { throw .cancelled }
        lastRequestID += 1
        let waiter = TransferWaiter(id: lastRequestID, isComplete: request.isComplete)
        try begin(request, on: endpoint, waiter)
        // From here on only what is Sendable is used: these closures do not always run on the caller's actor.
        let (executor, cancellations) = (executor, cancellations)
        let result = await withTaskCancellationHandler {
            await waiter.result()
        } onCancel: {
            cancellations.add(waiter.id)
            executor.wake()
        }
        return try result.get()
    }

    private func begin(_ request: Request, on endpoint: Endpoint, _ waiter: TransferWaiter) throws(TransferError) {
        executor.checkIsolated()
        var head = request.head
        head.inspects = request.isComplete != nil
        try begin(head, on: endpoint, tag: 0, waiter: waiter) { builder in
            builder.body = request.body
            for field in request.headers { builder.appendHeader(field) }
        }
    }
}
