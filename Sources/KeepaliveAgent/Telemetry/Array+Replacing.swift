// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// Puts the element at `index`, which is in the array or just behind its end.
    mutating func replaceOrAppend(_ element: Element, at index: Int) {
        if index == count { append(element) } else { self[index] = element }
    }
}
