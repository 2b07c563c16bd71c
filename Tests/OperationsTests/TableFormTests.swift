import Domain
import Testing

@testable import Operations

@Suite("A table of numbers")
struct TableFormTests {
  private static let signature = Signature(
    inputs: [
      TensorSpec(
        name: "x", datatype: .fp64, shape: [-1, 2], parameters: [JSON.Member("feature_names", ["a", "b"])]),
      TensorSpec(name: "c", datatype: .fp32, shape: [-1, 1]),
    ], outputs: [])
  private static let header: [RawText] = ["note", "c", "b", "a"]

  static let rows = [
    "n,1,2,3", "n,0.1,-0.2,123456.789", ",-0,0.30000000000001,999999999999999", "n,.5,5.,1", "n,16777217,1e3,-1E-7",
    "n,0.1234567890123456789,1,2", "\"a,b\",1,2,3", "n, 1 ,2,3", "n,1,2", "n,1,2,3,4", "n,1,,3", "n,x,2,3", "n,NaN,2,3",
    "n,−1,2,3", "n,+1,2,3", "n,1.2.3,2,3", "n,-,2,3", "", "n,9007199254740993,2,3", "n,1,2,3\"",
  ]

  @Test("is read the short way to the same records as the long way, or not at all", arguments: rows)
  func same(row: String) throws {
    let form = TableForm(header: Self.header, separator: 0x2C, signature: Self.signature)
    let text = RawText(row)
    let long = FileRow(number: 1, text: text, content: .cells(form.cells(of: text))).prepared(for: Self.signature)
    guard let short = try #require(form.numbers).record(of: text) else { return }
    #expect(try long.get().record == short)
  }

  @Test("takes plain decimals the short way")
  func short() {
    let numbers = TableForm(header: Self.header, separator: 0x2C, signature: Self.signature).numbers
    for row in Self.rows.prefix(4) { #expect(numbers?.record(of: RawText(row)) != nil, "\(row)") }
  }
}
