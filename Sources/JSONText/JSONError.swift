// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON that the reader accepts, and where.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value says it in words.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case unexpectedEnd = "unexpected end of the text"
        case unexpectedCharacter = "unexpected character"
        case expectedValue = "expected a value"
        case expectedKey = "expected a member name in quotation marks"
        case expectedColon = "expected a colon after the member name"
        case expectedCommaOrEndOfObject = "expected a comma or a closing brace"
        case expectedCommaOrEndOfArray = "expected a comma or a closing bracket"
        case invalidNumber = "invalid number"
        case invalidEscape = "invalid escape sequence in a string"
        case controlCharacter = "control character in a string"
        case invalidUTF8 = "bytes in a string that are not UTF-8"
        case trailingCharacters = "characters after the end of the value"
        case tooDeep = "nested too deep"
        case tooManyValues = "too many values"
    }

    /// What is wrong.
    package var code: Code
    /// Where, in bytes from the beginning of the text.
    package var offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// What is wrong, in words.
    package var message: String { code.rawValue }

    package var description: String { "\(message) at byte \(offset)" }
}
