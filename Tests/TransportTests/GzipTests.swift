import Testing
import Transport

@Suite("Gzip")
struct GzipTests {
  @Test("gives back what it took", arguments: [0, 1, 100, 65_536, 300_000])
  func roundTrip(size: Int) throws {
    var seed: UInt32 = 1
    let bytes = (0..<size).map { _ -> UInt8 in
      seed = seed &* 1_664_525 &+ 1_013_904_223
      return UInt8(seed >> 28)
    }
    let packed = try #require(Gzip.compress(bytes))
    #expect(try Gzip.decompress(packed, limit: size) == bytes)
    if size > 0 {
      #expect(throws: Gzip.Failure.tooLarge(limit: size - 1)) { try Gzip.decompress(packed, limit: size - 1) }
    }
  }

  @Test("reads several members as one")
  func members() throws {
    let (first, second) = try (#require(Gzip.compress([1, 2])), #require(Gzip.compress([3])))
    #expect(try Gzip.decompress(first + second, limit: 10) == [1, 2, 3])
  }

  @Test("stops a bomb at the limit")
  func bomb() throws {
    let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 16 << 20)))
    #expect(throws: Gzip.Failure.tooLarge(limit: 1 << 20)) { try Gzip.decompress(bomb, limit: 1 << 20) }
  }

  @Test("says when bytes are cut off, damaged or no gzip")
  func damaged() throws {
    let packed = try #require(Gzip.compress(Array("some text that is worth packing".utf8)))
    for end in 0..<packed.count {
      #expect(throws: Gzip.Failure.truncated) { try Gzip.decompress(Array(packed[..<end]), limit: 1000) }
    }
    var flipped = packed
    flipped[flipped.count - 5] ^= 1
    #expect(throws: Gzip.Failure.malformed) { try Gzip.decompress(flipped, limit: 1000) }
    #expect(throws: Gzip.Failure.malformed) { try Gzip.decompress(Array("plain text".utf8), limit: 1000) }
    #expect(throws: Gzip.Failure.malformed) { try Gzip.decompress(packed + [0xFF, 0xFF, 0xFF], limit: 1000) }
  }
}
