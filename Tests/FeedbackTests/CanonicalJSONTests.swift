import Domain
import Feedback
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
  @Test(
    "sorts keys by their bytes and leaves out spaces",
    arguments: [
      (#"{ "b" : 1, "a" : [ true , null ] }"#, #"{"a":[true,null],"b":1}"#),
      (#"{"é":1,"z":2,"Z":3,"":4}"#, #"{"":4,"Z":3,"z":2,"é":1}"#),
      (
        #"[1.0, 0.1, 1e21, -0.0, 9223372036854775807, 18446744073709551615]"#,
        #"[1,0.1,1e+21,-0.0,9223372036854775807,18446744073709551615]"#
      ),
      (#""A\n\u0001""#, #""A\n\u0001""#),
    ])
  func writes(input: String, output: String) throws {
    let value = try CanonicalJSON.parse(Array(input.utf8))
    #expect(String(decoding: try CanonicalJSON.bytes(of: value), as: UTF8.self) == output)
  }

  @Test(
    "refuses what has no single form",
    arguments: [
      (#"{"a":1,"a":2}"#, CanonicalJSON.Failure.duplicateKey("a")),
      (#"{"x":{"é":1,"é":2}}"#, CanonicalJSON.Failure.duplicateKey("é")),
      ("[NaN]", .notFinite), ("-Infinity", .notFinite),
    ])
  func refuses(input: String, failure: CanonicalJSON.Failure) {
    #expect(throws: failure) { try CanonicalJSON.parse(Array(input.utf8)) }
    if let value = try? JSON(parsing: input) { #expect(throws: failure) { try CanonicalJSON.bytes(of: value) } }
  }

  @Test("a number that 64 bits do not hold is told as that, and is not taken for infinity")
  func tooLarge() throws {
    do {
      _ = try JSON(parsing: #"{"x":[1,-1e400]}"#)
      Issue.record("it was read")
    } catch {
      #expect("\(error)" == "the number -1e400 is beyond what 64 bits hold at byte 8")
    }
    #expect(try JSON(parsing: "[1.7976931348623157e308,5e-324,1e-400]").array?.compactMap(\.number).count == 3)
  }

  @Test("keeps apart two keys that only look the same")
  func looks() throws {
    let value = JSON.object([JSON.Member("e\u{301}", 1), JSON.Member("\u{e9}", 2)])
    #expect(try CanonicalJSON.parse(try CanonicalJSON.bytes(of: value))["\u{e9}"] == 2)
  }

  @Test("refuses bytes that are no UTF-8, in keys and in values")
  func bytes() {
    let bad = RawText(bytes: [0xFF])
    #expect(throws: CanonicalJSON.Failure.notUTF8) { try CanonicalJSON.bytes(of: .string(bad)) }
    #expect(throws: CanonicalJSON.Failure.notUTF8) { try CanonicalJSON.bytes(of: .object([JSON.Member(bad, 1)])) }
    #expect(throws: CanonicalJSON.Failure.notUTF8) { try CanonicalJSON.parse([0x22, 0xFF, 0x22]) }
  }

  @Test("every finite number reads back the same")
  func numbers() throws {
    var generator = Numbered(state: 7)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let back = try CanonicalJSON.parse(try CanonicalJSON.bytes(of: .number(number)))
      #expect(back.number?.bitPattern == number.bitPattern)
    }
  }
}
