// SPDX-License-Identifier: Apache-2.0

internal import HTTPValues
internal import JSONText
internal import Transfer

/// The way of one signal to its collector: one destination, one connection, one request at a time.
///
/// It belongs to the actor that owns the pool.
final class OTLPExporter {
    let signal: Signal
    let destination: OTLPConfiguration.Destination
    /// The URL without user, password and query, for people.
    let displayName: String
    /// The status of the last answer; 0 before the first, and after a request without one.
    private(set) var lastStatus = 0
    private let pool: TransferPool
    /// Nil where the signal goes to stdout or a file.
    private let endpoint: Endpoint?
    private let maximumReplyBytes: Int

    init(
        _ signal: Signal,
        _ destination: OTLPConfiguration.Destination,
        _ configuration: OTLPConfiguration,
        pool: TransferPool
    ) throws(TransferError) {
        self.signal = signal
        self.destination = destination
        self.pool = pool
        maximumReplyBytes = configuration.maximumReplyBytes
        guard destination.output == .collector else {
            displayName = if case .file(let path) = destination.output { path } else { "stdout" }
            endpoint = nil
            return
        }
        displayName = OTLPExporter.displayName(of: destination.url)
        // OTLP specification, "OTLP/HTTP Request": exactly this type; some receivers refuse a charset parameter.
        let contentType = HeaderField(name: "Content-Type", value: "application/json")
        endpoint = try pool.endpoint(
            EndpointOptions(
                url: destination.url,
                userAgent: configuration.userAgent,
                headers: [contentType] + destination.headers.map { HeaderField(name: $0.name, value: $0.value) },
                tls: TLSOptions(
                    caFile: destination.certificateFile,
                    clientCertificateFile: destination.clientCertificateFile,
                    clientKeyFile: destination.clientKeyFile,
                    insecureSkipVerify: destination.insecureSkipVerify
                ),
                maxConnections: 1,
                proxy: destination.proxy.policy,
                acceptEncoding: "gzip",
                receiveBufferSize: 16 * 1024
            )
        )
    }

    /// Sends a body once.
    /// - Parameter now: seconds since 1970, for a Retry-After that is a date.
    func send(
        _ body: [UInt8],
        isCompressed: Bool,
        timeout: Duration,
        now: @Sendable () -> UInt64
    ) async -> AttemptResult {
        guard let endpoint else { return write(body, within: timeout) }
        let request = Request(
            head: RequestHead(method: .post, timeout: timeout, bodyLimit: maximumReplyBytes),
            headers: isCompressed ? [HeaderField(name: "Content-Encoding", value: "gzip")] : [],
            body: body
        )
        lastStatus = 0
        do throws(TransferError) {
            let response = try await pool.send(request, on: endpoint)
            lastStatus = response.status
            return OTLPExporter.result(of: response, signal: signal, now: Int64(now() / 1_000_000_000))
        } catch {
            return .refused(.transport(TransportFailure(error)), retryAfter: nil, details: error.description)
        }
    }

    /// Ends what is under way; nothing can be sent afterwards.
    func close() {
        if let endpoint { pool.close(endpoint) }
    }

    /// What an answer means: any 2xx is a success, and a redirect is a failure like any other status.
    static func result(of response: Response, signal: Signal, now: Int64) -> AttemptResult {
        if (200..<300).contains(response.status) {
            return .accepted(PartialSuccess(reply: response.body, signal: signal))
        }
        return .refused(
            .status(response.status),
            retryAfter: response.header("retry-after").flatMap { RetryAfter.parse($0.utf8, now: now) },
            details: StatusMessage.parse(response.body)
        )
    }

    static func displayName(of url: String) -> String {
        let plain = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = plain.firstRange(of: "://") else { return String(plain) }
        let rest = plain[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(plain) }
        return "\(plain[..<scheme.upperBound])\(rest[rest.index(after: at)...])"
    }
}

extension OTLPConfiguration.Proxy {
    fileprivate var policy: ProxyPolicy {
        switch self {
        case .environment: .ambient
        case .none: .none
        case .url(let url): .url(url)
        }
    }
}
