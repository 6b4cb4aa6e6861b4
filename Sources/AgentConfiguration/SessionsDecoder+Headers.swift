// SPDX-License-Identifier: Apache-2.0

import JSONText

extension SessionsDecoder {
    /// Decodes `headers`; false when one of them cannot be used.
    mutating func decodeHeaders(_ object: JSONObject, path: String, into session: inout AttachedSession) -> Bool {
        guard let node = object["headers"] else { return true }
        let path = "\(path).headers"
        guard let headers = node.object else {
            report(.error, "expected an object, found \(node.value.inWords)", at: node.offset, path)
            return false
        }
        let known = previous[SessionDigest(session)]?.headers ?? []
        var names: Set<String> = []
        var isValid = true
        for member in headers.members {
            if let problem = HeaderRules.problem(ofName: member.key) {
                report(.error, problem.message, at: member.keyOffset, path, help: problem.help)
                isValid = false
                continue
            }
            let path = DecodingContext.path(path, member.key)
            guard names.insert(member.key.lowercased()).inserted else {
                report(.error, "duplicate header '\(member.key)'", at: member.keyOffset, path)
                isValid = false
                continue
            }
            guard let header = decodeHeader(member, path: path, known: known) else {
                isValid = false
                continue
            }
            session.headers.append(header)
        }
        return isValid
    }

    private mutating func decodeHeader(
        _ member: JSONObject.Member,
        path: String,
        known: [HeaderConfiguration]
    ) -> HeaderConfiguration? {
        guard let text = string(member.node, path) else { return nil }
        do throws(SubstitutionError) {
            let template = try SecretTemplate(parsing: text, in: file)
            let last = known.first { $0.name == member.key && $0.template == template }
            do throws(SubstitutionError) {
                let empty = HeaderConfiguration(name: member.key, template: template, value: Secret(""))
                return try empty.resolvedAgain(environment: environment, readFile: readFile)
            } catch {
                // A variable is the same until the agent is started again.
                if template.canChange { noteUnread() }
                guard let last else { throw error }
                // A rotation may take the file away for a moment (faults: secret removed).
                let message = "\(error.message); the last good value stays in force"
                report(.warning, message, at: member.node.offset, path, help: error.help)
                return last
            }
        } catch {
            let shown = error.withoutQuotations
            report(.error, shown.message, at: member.node.offset, path, help: shown.help)
            return nil
        }
    }
}
