// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire

extension Reactor {
    /// Opens an owned session beside everything else and tells the engine what came of it.
    func open(_ handle: SessionHandle, on backend: BackendIndex) {
        openings[handle] = Task { await finishOpening(handle, on: backend) }
    }

    private func finishOpening(_ handle: SessionHandle, on backend: BackendIndex) async {
        _ = sessions.sendHeaders(on: handle, of: backends[Int(backend)])
        let opening = await clients[Int(backend)].open()
        openings[handle] = nil
        let isTakenOver = takeOver(opening, for: handle)
        if isStopping {
            // Nobody will keep it alive or close it later.
            if isTakenOver { await close(handle, on: backend) }
            return
        }
        feed(.opened(handle, opening.openingResult))
        // It may have turned out that there is nothing to be called.
        giveUpProbes(of: handle)
        await warnAboutTool(of: handle, on: backend)
    }

    /// Makes a session that was opened the one that the handle stands for.
    func takeOver(_ opening: SessionOpening, for handle: SessionHandle) -> Bool {
        guard case .opened(let identifier, _) = opening.result, var session = sessions[handle] else { return false }
        session.identifier = identifier
        session.protocolVersion = opening.answer?.protocolVersion
        sessions[handle] = session
        return true
    }

    /// Closes a session of our own; within the time that a ping may take, unless a limit is given.
    func close(_ handle: SessionHandle, on backend: BackendIndex, within limit: Duration? = nil) async {
        guard let session = sessions[handle] else { return }
        recording.recordClose(of: handle, on: backend, at: clock.now())
        let client = clients[Int(backend)]
        await client.close(session, within: limit ?? client.backend.configuration.policy.timeout)
    }

    /// Looks up once whether the tool of a backend exists and changes nothing, and says so when not.
    ///
    /// Configuring the tool is permission to call it; this is a hint for whoever configured it.
    private func warnAboutTool(of handle: SessionHandle, on backend: BackendIndex) async {
        let client = clients[Int(backend)]
        guard let tool = client.backend.configuration.tool?.name, !client.backend.toolWasLookedUp,
            let session = sessions[handle], !session.identifier.isEmpty
        else { return }
        client.backend.toolWasLookedUp = true
        let (exchange, found) = await client.lookUpTool(tool, on: session)
        // Its backend may have left the configuration meanwhile.
        guard exchange.isSuccess, !isStopping, sessions.origin(of: handle) != nil else { return }
        if let found, found.readOnlyHint == true { return }
        let name = client.backend.configuration.name
        let message =
            found == nil
            ? "\(name): has no tool named \(tool); keepalives that call it will fail"
            : "\(name): does not mark the tool \(tool) as read-only; make sure that calling it changes nothing"
        recording.warn(message, backend: backend, at: clock.unixNanoseconds())
    }
}
