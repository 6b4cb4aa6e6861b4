// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import NIOCore
private import Synchronization

/// An HTTP/1.1 server on a port of its own choice on 127.0.0.1, with everything answered by one closure.
final class LoopbackServer: Sendable {
    private let respond: @Sendable (Request) async throws -> Response
    private let running = Mutex<Task<Void, any Error>?>(nil)

    init(respond: @escaping @Sendable (Request) async throws -> Response) {
        self.respond = respond
    }

    deinit {
        running.withLock { $0 }?.cancel()
    }

    /// Starts to listen and returns the port. Throws where no port can be had.
    func start() async throws -> Int {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let respond = self.respond
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: Logger(label: "loopback-server") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task {
            defer { port.finish() }
            try await application.run()
        }
        for await port in ports where port != 0 {
            running.withLock { $0 = task }
            return port
        }
        // It ended before it listened: say why.
        try await task.value
        throw CancellationError()
    }

    /// Closes the port and all connections, and ends answers that are still being given.
    func stop() async {
        let task = running.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        _ = await task?.result
    }
}
