import Domain
import Testing

@testable import Deployment

@Suite("gRPC frames")
struct GRPCFramesTests {
  static func messages(_ frames: inout GRPCFrames) throws -> [[UInt8]] {
    var messages: [[UInt8]] = []
    while let message = try frames.next() { messages.append(message) }
    return messages
  }

  @Test("are cut out of pieces of any size", arguments: [1, 2, 3, 5, 7, 100])
  func split(size: Int) throws {
    let sent: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 20), [4]]
    let bytes = sent.flatMap(GRPCFrames.framed)
    var frames = GRPCFrames(limit: 100)
    var read: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      frames.append(bytes[start..<min(start + size, bytes.count)])
      read += try Self.messages(&frames)
    }
    #expect(read == sent)
    #expect(!frames.isCutOff)
  }

  @Test("that are compressed, too large or none are refused before their body has come")
  func refused() {
    var compressed = GRPCFrames(limit: 100)
    compressed.append([1, 0, 0, 0, 3])
    #expect(throws: GRPCFailure.compressed) { try compressed.next() }
    var large = GRPCFrames(limit: 100)
    large.append([0, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: GRPCFailure.tooLarge(0xFFFF_FFFF, limit: 100)) { try large.next() }
    var other = GRPCFrames(limit: 100)
    other.append(Array("HTTP/1.1".utf8))
    #expect(throws: GRPCFailure.unreadable("a frame begins with 72")) { try other.next() }
  }

  @Test("end well only after a whole message")
  func cutOff() throws {
    var frames = GRPCFrames(limit: 100)
    frames.append([0, 0, 0, 0, 2, 7])
    #expect(try frames.next() == nil)
    #expect(frames.isCutOff)
    frames.append([8])
    #expect(try frames.next() == [7, 8])
    #expect(!frames.isCutOff)
  }

  @Test(
    "carry messages whose odd bytes are written in hundredths",
    arguments: [
      ("model%20not%20found", "model not found"), ("100%", "100%"), ("%e2%86%92", "→"), ("%zz%1", "%zz%1"), ("", ""),
      ("%25", "%"),
    ])
  func percent(text: String, decoded: String) {
    #expect(GRPCChannel.percentDecoded(text).string == decoded)
  }
}
