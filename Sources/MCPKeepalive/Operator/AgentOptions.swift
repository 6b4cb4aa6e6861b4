// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import OperatorConsole

/// Says which agent a command talks to.
struct AgentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The agent's local API: the path of its socket, or the host:port of a listener.",
            discussion: """
                Without it: $MCP_KEEPALIVE_API, then the first of these sockets that answers: api.socket of the \
                configuration file, $XDG_RUNTIME_DIR/mcp-keepalive/api.sock, /run/mcp-keepalive/api.sock; to read also \
                127.0.0.1:7464.
                """,
            valueName: "address"
        )
    )
    var api: String?

    @Option(help: ArgumentHelp("A file with the token of the listener.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "How long the agent may take to answer, such as 500ms; 10s by default, and a minute for a probe.",
            valueName: "duration"
        )
    )
    var timeout: DurationArgument?

    @OptionGroup var file: ConfigurationOptions

    /// A started client of that agent; throws what is wrong with the options.
    ///
    /// - Parameters:
    ///   - reads: the command changes nothing, so that a read-only listener will do.
    ///   - patience: how long the agent may take unless the options say so.
    func client(reads: Bool, patience: Duration = .seconds(10)) throws(ControlFailure) -> ControlClient {
        let environment = ProcessInfo.processInfo.environment
        if let named = file.config, !FileManager.default.fileExists(atPath: named) {
            throw ControlFailure(.noSuchFile, code: "no_such_file", "there is no configuration file \(named.printable)")
        }
        var lookup: AgentLookup
        var remark: String?
        do throws(AgentLookup.Mistake) {
            lookup = try AgentLookup.find(
                option: api,
                environment: environment,
                reads: reads,
                configured: {
                    switch configuredSocket(environment) {
                    case .some(.success(let path)): return path
                    case .some(.failure(let unusable)): remark = unusable.remark
                    case nil: break
                    }
                    return nil
                },
                exists: { FileManager.default.fileExists(atPath: $0) }
            )
        } catch {
            throw ControlFailure(
                .mistaken,
                code: "invalid_address",
                "\(error.namedBy): '\(error.text)' is neither the path of a socket nor host:port",
                help: "for example /run/mcp-keepalive/api.sock or 127.0.0.1:7464"
            )
        }
        lookup.remark = remark
        let client = ControlClient(lookup, token: try token(), deadline: timeout?.duration ?? patience)
        client.start()
        return client
    }

    /// The contents of the token file without the line break at their end; nil when none is named.
    private func token() throws(ControlFailure) -> String? {
        guard let tokenFile else { return nil }
        let text: String
        do {
            text = try String(contentsOfFile: tokenFile, encoding: .utf8)
        } catch {
            throw ControlFailure(.noSuchFile, code: "no_such_file", "\(tokenFile) cannot be read")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // RFC 6750 section 2.1: visible characters only; anything else would be another header.
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ControlFailure(.mistaken, code: "invalid_token", "\(tokenFile) does not hold a token on one line")
        }
        return token
    }

    /// A configuration file with errors: a command that only talks to the agent may lack the variables and secrets that
    /// the file refers to.
    private struct Unusable: Error {
        let file: String

        var remark: String { "\(file.printable) has errors, so its api.socket is not known" }
    }

    /// The socket of the configuration file that `run` would find; nil when there is no such file, or it has no socket.
    private func configuredSocket(_ environment: [String: String]) -> Result<String, Unusable>? {
        let found = ConfigurationLookup.find(
            option: file.config,
            environment: environment,
            exists: { FileManager.default.fileExists(atPath: $0) }
        )
        switch found {
        case .missing: return nil
        case .named(let path, _), .found(let path):
            let outcome = ConfigurationLoader.load(path: path, environment: environment)
            if outcome.isMissing { return nil }
            guard let api = outcome.api, outcome.configuration != nil || api.socket != nil else {
                return .failure(Unusable(file: path))
            }
            return api.socketPath(environment: environment).map { .success($0) }
        }
    }
}
