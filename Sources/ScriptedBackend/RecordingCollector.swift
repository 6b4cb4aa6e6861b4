// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
internal import JSONText
import NIOCore
private import Synchronization

/// An OTLP/HTTP JSON receiver, in process and on loopback, that keeps what it gets.
package final class RecordingCollector: Sendable {
    /// Inflates a gzip body; throws on what is not gzip or too large.
    package typealias Inflate = @Sendable ([UInt8]) throws -> [UInt8]

    /// How export requests are answered.
    package enum Behavior: Sendable, Equatable {
        /// Recorded and answered 200 `{}`.
        case accepts
        /// Answered with a status, not recorded.
        case answers(status: Int, headers: [String: String] = [:], body: String = "")
        /// Never answered.
        case hangs
    }

    private let inflate: Inflate
    private let recorded = Observed(TelemetryRecord())
    private let behavior: Mutex<Behavior>
    private let server = Mutex<LoopbackServer?>(nil)

    /// A collector that does not listen yet.
    package init(behavior: Behavior = .accepts, inflate: @escaping Inflate) {
        self.inflate = inflate
        self.behavior = Mutex(behavior)
    }

    /// Starts to listen on 127.0.0.1 and returns the port: the base of `/v1/metrics`, `/v1/traces` and `/v1/logs`.
    package func start() async throws -> Int {
        let server = LoopbackServer { [weak self] request in
            guard let self else { return Response(status: .serviceUnavailable) }
            return try await self.respond(to: request)
        }
        let port = try await server.start()
        self.server.withLock { $0 = server }
        return port
    }

    /// Stops to listen and closes all connections. What was recorded stays.
    package func stop() async {
        let server = server.withLock { server in
            defer { server = nil }
            return server
        }
        await server?.stop()
    }

    /// Changes how requests that come from now on are answered.
    package func setBehavior(_ behavior: Behavior) {
        self.behavior.withLock { $0 = behavior }
    }

    /// What was received so far.
    package var record: TelemetryRecord { recorded.value }

    /// Returns once the record satisfies the condition, which is looked at after each request; throws
    /// `CancellationError` when the task is canceled.
    package func wait(until condition: @escaping @Sendable (TelemetryRecord) -> Bool) async throws {
        try await recorded.wait(until: condition)
    }

    private func respond(to incoming: Request) async throws -> Response {
        var incoming = incoming
        let body = try await incoming.collectBody(upTo: 64 << 20)
        switch behavior.withLock({ $0 }) {
        case .accepts:
            let headers = incoming.headers.map { ($0.name.canonicalName, $0.value) }
            return accept(
                incoming.method == .post ? incoming.uri.path : "",
                headers: Dictionary(headers) { first, _ in first },
                body: Array(body.readableBytesView)
            )
        case .answers(let status, let headers, let body):
            var fields = HTTPFields()
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            return Response(
                status: .init(code: status),
                headers: fields,
                body: ResponseBody(byteBuffer: ByteBuffer(string: body))
            )
        case .hangs:
            return try await incoming.body.consumeWithCancellationOnInboundClose { _ in
                while true { try await Task.sleep(for: .seconds(3600)) }
            }
        }
    }

    /// OTLP 1.11, OTLP/HTTP: 200 with an empty response object, 404 for other paths, 400 for what cannot be decoded.
    private func accept(_ path: String, headers: [String: String], body: [UInt8]) -> Response {
        guard ["/v1/metrics", "/v1/traces", "/v1/logs"].contains(path) else { return Response(status: .notFound) }
        guard headers["content-type"] == "application/json" else {
            return refuse(.unsupportedMediaType, "\(path): content type \(headers["content-type"] ?? "missing")")
        }
        let bytes: [UInt8]
        let request: JSONNode
        do {
            bytes = headers["content-encoding"] == "gzip" ? try inflate(body) : body
            request = try JSONValue.parse(bytes.span)
        } catch {
            return refuse(.badRequest, "\(path): \(error)")
        }
        recorded.update { record in
            record.payloads.append(TelemetryRecord.Payload(path: path, headers: headers, body: bytes))
            for metric in OTLPDecoding.metrics(in: request) { record.metrics[metric.key] = metric }
            record.spans += OTLPDecoding.spans(in: request)
            record.logs += OTLPDecoding.logs(in: request)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "{}"))
        )
    }

    private func refuse(_ status: HTTPResponse.Status, _ reason: String) -> Response {
        recorded.update { $0.refused.append(reason) }
        return Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: reason)))
    }
}
