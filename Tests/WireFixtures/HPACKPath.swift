/// The method of a gRPC call in a block of header fields, as nghttp2 writes it: the path literally, without an index, in
/// the Huffman code (RFC 7541, 6.2.2 and appendix B). Letters, dots and slashes are all that a path of ours has.
enum HPACKPath {
  static func method(in block: [UInt8]) -> String {
    for start in block.indices.dropLast(2) where block[start] & 0x0F == 4 {
      let length = Int(block[start + 1] & 0x7F)
      guard block[start + 1] & 0x80 != 0, start + 2 + length <= block.count,
        let path = text(of: block[(start + 2)..<(start + 2 + length)]), path.hasPrefix("/")
      else { continue }
      return path.split(separator: "/").last.map(String.init) ?? ""
    }
    return ""
  }

  /// Nil where another character stands in it.
  private static func text(of bytes: ArraySlice<UInt8>) -> String? {
    var text = ""
    var (code, length) = (0, 0)
    for byte in bytes {
      for bit in (0..<8).reversed() {
        code = code << 1 | Int(byte >> bit & 1)
        length += 1
        guard let character = characters[length]?[code] else { continue }
        text.append(character)
        (code, length) = (0, 0)
      }
    }
    // What is left is padding: up to seven ones.
    return length < 8 && code == (1 << length) - 1 ? text : nil
  }

  /// By the length of the code, then by the code.
  private static let characters: [Int: [Int: Character]] = {
    var characters: [Int: [Int: Character]] = [:]
    func add(_ length: Int, _ first: Int, _ text: String) {
      for (offset, character) in text.enumerated() { characters[length, default: [:]][first + offset] = character }
    }
    add(5, 0x3, "a")
    add(5, 0x4, "c")
    add(5, 0x5, "eiost")
    add(6, 0x17, "./")
    add(6, 0x21, "A")
    add(6, 0x23, "bdfghlmnpru")
    add(7, 0x5D, "BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz")
    add(8, 0xFC, "X")
    add(8, 0xFD, "Z")
    return characters
  }()
}
