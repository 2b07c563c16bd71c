import Domain
import Testing

@Suite("A JSON value")
struct JSONTests {
  @Test("keeps 64-bit integers exact, NaN, duplicates and bytes that are no UTF-8")
  func exactness() throws {
    let bytes = Array(#"{"a":9007199254740993,"b":18446744073709551615,"c":NaN,"a":-Infinity,"d":""#.utf8) + [0xFF]
    let value = try JSON(parsing: bytes + Array("\"}".utf8))
    #expect(value["a"] == .integer(9_007_199_254_740_993))
    #expect(value["b"] == .unsigned(.max))
    #expect(value["c"]?.number?.isNaN == true)
    #expect(value.members?.count == 5)
    #expect(value["d"]?.text == RawText(bytes: [0xFF]))
  }

  @Test(
    "refuses what is no JSON, with the byte where it stopped",
    arguments: [
      ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("[1] x", 4), ("\"a", 2), ("nul", 0), ("<html>", 0), ("1e", 0),
    ])
  func refusals(text: String, offset: Int) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
    do { _ = try JSON(parsing: text) } catch { #expect(error.offset == offset) }
  }

  @Test("refuses to nest without end")
  func depth() {
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
  }

  @Test("reads escapes wherever they stand between runs of text, and writes them where they are needed")
  func escapes() throws {
    let texts = ["", "plain", "\n", "a\n", "\na", "a\"b\\c", "é", "a\u{7F}b", "\u{1}\u{2}", "x😀\ty"]
    for text in texts {
      let written = String(decoding: JSON.text(text).serialized, as: UTF8.self)
      #expect(try JSON(parsing: written) == .text(text), "\(written)")
    }
    #expect(JSON.text("a\u{7F}\n\"").serializedString == #""a\u007f\n\"""#)
    #expect(try JSON(parsing: #""\u00e9x\/y\ud83d\ude00z""#) == .text("éx/y😀z"))
    #expect(JSON.string(RawText(bytes: [0x61, 0xFF, 0x22])).serializedString == "\"a\u{FFFD}\\\"\"")
  }

  @Test("reads back what it wrote")
  func roundTrip() throws {
    let value: JSON = .object([
      .init("name", "a\"b\\c\n\u{1}é😀"), .init("values", [1, -2.5, true, .null, []]), .init("o", .object([])),
    ])
    #expect(try JSON(parsing: value.serialized) == value)
    #expect(try JSON(parsing: value.indented) == value)
    #expect(try JSON(parsing: JSON.number(-0.0).serialized).number?.sign == .minus)
  }

  @Test("joins surrogate pairs and replaces half ones")
  func surrogates() throws {
    #expect(try JSON(parsing: #""\ud83d\ude00""#) == "😀")
    #expect(try JSON(parsing: #""\ud83dx""#) == "\u{FFFD}x")
  }

  @Test("compares keys as bytes, so that two spellings of é stay two")
  func byteKeys() throws {
    let value = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }
}
