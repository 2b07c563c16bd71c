import Domain
import Testing

@testable import Feedback

@Suite("A slice of an input") struct InputSlicesTests {
  @Test("holds what its name says, also what lies between a quartile and how that is written") func named() throws {
    // A quartile of these is 13.431, written 13.43; the value 13.43 itself is there as well.
    let values = (0..<400).map { 12 + Double($0 * 7919 % 2001) / 1000 } + [13.43, 13.431, 12.5, 12.4999]
    func input(_ value: Double) -> JudgedView.Input { .init(name: "alcohol", number: value, text: RawText("\(value)")) }
    let slices = InputSlices(values.map { [input($0)] })
    var names: Set<RawText> = []
    for value in values {
      let name = try #require(slices.names([input(value)]).first?.slice)
      names.insert(name)
      let bounds = name.string.split { !$0.isNumber && $0 != "." }.compactMap { Double($0) }
      if name.string.contains("≤") {
        #expect(value <= bounds[0], "\(value) \(name)")
      } else {
        #expect(value > bounds[0] && (bounds.count == 1 || value <= bounds[1]), "\(value) \(name)")
      }
    }
    #expect(names.count == 4)
  }
}
