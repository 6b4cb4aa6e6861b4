// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import LocalAPI

@Suite struct RulesTests {
    @Test(arguments: [
        ("localhost", true), ("LocalHost:7464", true), ("127.0.0.1", true), ("[::1]:1", true), ("[fe80::1]", true),
        ("agent.internal:1", true), ("agent.internal.", false), ("", false), (":80", false), ("127.1", false),
        ("::1", false), ("[localhost]", false), ("[127.0.0.1]", false), ("localhost:80a", false),
        ("localhost@evil.example", false), ("evil.example", false), ("127.0.0.1.evil.example", false),
    ])
    func `a name is localhost, an address or one that is allowed`(authority: String, isAllowed: Bool) {
        #expect(HostRule(allowedHosts: ["agent.internal"]).allows(authority) == isAllowed)
    }

    @Test(arguments: [
        ("abc", "abc", true), ("abd", "abc", false), ("ab", "abc", false), ("abcabc", "abc", false), ("", "abc", false),
        ("xbc", "abc", false),
    ])
    func `tokens are compared byte by byte`(sent: String, secret: String, isEqual: Bool) {
        #expect(Access.isEqual(sent.utf8, secret.utf8) == isEqual)
    }

    @Test func `a target is taken apart`() throws {
        let target = try RequestTarget("/a%2Fb//c+d?x=1+2%2B3&y&=z#f")
        #expect(target.segments == ["a/b", "", "c+d"])
        #expect(target.parameters.map(\.name) == ["x", "y", ""])
        #expect(target.parameters.map(\.value) == ["1 2+3", "", "z"])
        for text in ["/%", "/%4", "/%zz", "/%C3", "/?a=%ff"] {
            #expect(throws: ControlProblem.self) { try RequestTarget(text) }
        }
    }

    @Test func `a head keeps the rules of HTTP, or is refused`() throws {
        func head(_ uri: String, _ headers: HTTPHeaders = ["host": "a"], _ version: HTTPVersion = .http1_1) throws
            -> RequestHead
        {
            try RequestHead(HTTPRequestHead(version: version, method: .GET, uri: uri, headers: headers), bodyLimit: 10)
        }
        #expect(try head("HTTP://B:1?q").head.uri == "/?q")
        #expect(try head("http://b:1/c", ["host": "a"]).head.headers["host"] == ["b:1"])
        #expect(try head("/", [:], .http1_0).isKeepAlive == false)
        #expect(try head("/", ["host": "a", "connection": "upgrade", "upgrade": "x"]).isKeepAlive == false)
        #expect(try head("/", ["host": "a", "expect": "100-Continue"]).expectsContinue == false)
        #expect(try head("/", ["host": "a", "expect": "100-continue"]).expectsContinue)
        #expect(try head("/", ["host": "a", "content-length": "10"]).isKeepAlive)
        #expect(throws: ControlProblem(.bodyTooLarge, "a body may have 10 bytes")) {
            try head("/", ["host": "a", "content-length": "11"])
        }
        for target in ["", "*", "a", "https://a/", "ftp://a/", "a:80"] {
            #expect(throws: ControlProblem(.invalidRequest, "expected a path as the target")) { try head(target) }
        }
        #expect(throws: ControlProblem.self) { try head("/", [:]) }
        #expect(throws: ControlProblem.self) { try head("/", ["host": "a"], HTTPVersion(major: 2, minor: 0)) }
    }

    @Test func `an event is written without an id where it has none`() throws {
        var event = AgentEvent(id: "1", kind: .reset, time: Date(timeIntervalSince1970: 0))
        let data = #"data: {"id":"1","kind":"reset","time":"1970-01-01T00:00:00.000Z"}"#
        #expect(String(buffer: try EventText.of(event)) == "id: 1\nevent: reset\n\(data)\n\n")
        event.id = ""
        #expect(String(buffer: try EventText.of(event)).hasPrefix("event: reset\n"))
        event.reason = "a\nb\r"
        #expect(String(buffer: try EventText.of(event)).split(separator: "\n").count == 2)
    }
}
