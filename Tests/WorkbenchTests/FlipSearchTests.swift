import Domain
import Testing

@testable import Workbench

/// Looking for changes of one feature that flip the answer, against models whose limits are known.
@Suite("Searching flips")
struct FlipSearchTests {
  /// Runs a search against a model that is a function, and counts what it was asked.
  static func run(
    _ search: FlipSearch, _ model: ([FieldValue]) -> Double
  ) -> (flips: Flips, rounds: Int) {
    var search = search
    var rounds = 0
    while !search.candidates.isEmpty, rounds < 10 {
      rounds += 1
      search.take(search.candidates.map { Income.prediction(model(search.record(of: $0))) })
    }
    return (search.flips, rounds)
  }

  static func number(_ values: [FieldValue], _ index: Int) -> Double { values[index].number ?? .nan }

  static func search(reference: Reference? = nil) -> FlipSearch {
    FlipSearch(signature: Income.signature, values: Income.values, original: Income.prediction(), reference: reference)
  }

  @Test("finds the nearest number that flips, to the whole number, in three rounds")
  func nearest() {
    // Over 50K while the gain is at least 3000.
    let found = Self.run(Self.search()) { Self.number($0, 9) >= 3000 ? 0.73 : 0.2 }
    #expect(found.rounds == 3)
    #expect(found.flips.found.map(\.field) == ["capital_gain"])
    let flip = Double(found.flips.found[0].to.string) ?? .nan
    #expect(flip < 3000 && flip > 2900, "\(flip) is far from 3000")
    #expect(found.flips.found[0].before == 0.73)
    #expect(found.flips.found[0].after == 0.2)
    #expect(found.flips.features == 12)
    #expect(found.flips.untried == 0)
  }

  @Test("looks on both sides and keeps the nearer flip")
  func bothSides() {
    // Age 39: flips under 20 and over 44.
    let found = Self.run(Self.search()) { (20...44).contains(Self.number($0, 0)) ? 0.7 : 0.3 }
    #expect(found.flips.found.map(\.to) == ["45"])
  }

  @Test("tries every category, and takes the one that leaves least of the record's class")
  func categories() {
    let found = Self.run(Self.search()) { values in
      switch values[4] {
      case .text("Married"): 0.4
      case .text("Divorced"): 0.1
      default: 0.73
      }
    }
    #expect(found.flips.found.map { [$0.field, $0.from, $0.to] } == [["marital", "Never-married", "Divorced"]])
  }

  @Test("finds nothing where nothing flips, and says how many rows it asked")
  func nothing() {
    let found = Self.run(Self.search()) { _ in 0.73 }
    #expect(found.flips.found.isEmpty)
    #expect(found.rounds == 1)
    #expect(found.flips.rows > 40 && found.flips.rows < 100)
  }

  @Test("every candidate differs from the record in one value, and stays within the range")
  func candidates() {
    for candidate in Self.search().candidates {
      let changed = Self.search().record(of: candidate)
      #expect(zip(changed, Income.values).count { $0 != $1 } == 1)
      if let range = Income.signature.fields[candidate.field].range, let number = candidate.value.number {
        #expect(range.contains(number))
      }
    }
  }

  @Test("takes a reference's edges where the signature has no range, and leaves out what has neither")
  func reference() {
    let bare = Signature(
      inputs: [
        TensorSpec(name: "a", datatype: .fp64, shape: [-1, 1]), TensorSpec(name: "b", datatype: .fp64, shape: [-1, 1]),
      ],
      outputs: Income.signature.outputs)
    let reference = Reference(
      count: 10, features: [.init(name: "a", distribution: .numeric(edges: [0, 1, 4], counts: [5, 5]))])
    let search = FlipSearch(
      signature: bare, values: [.number(2), .number(2)], original: Income.prediction(), reference: reference)
    #expect(Set(search.candidates.map(\.field)) == [0])
    #expect(search.candidates.allSatisfy { (0...4).contains($0.value.number ?? -1) })
    let found = Self.run(search) { Self.number($0, 0) > 1.25 ? 0.7 : 0.3 }
    #expect(found.flips.untried == 1)
    let flip = Double(found.flips.found.first?.to.string ?? "") ?? .nan
    #expect(flip <= 1.25 && flip > 1.2, "\(flip) is far from 1.25")
  }

  @Test("numbers are as short as the range asks for")
  func rounding() {
    let search = FlipSearch(
      signature: Kinds.wine, values: Kinds.wineValues,
      original: Prediction(
        model: ModelID("wine"), answer: .classes([ClassScore(label: "class_1", probability: 1)], chosen: 0), outputs: []
      ))
    for candidate in search.candidates {
      let text = candidate.value.text.string
      let places = text.split(separator: ".").dropFirst().first?.count ?? 0
      #expect(places <= 3, "\(text) has too many digits for \(Kinds.wine.fields[candidate.field].name)")
    }
  }

  @Test("a text or a picture has nothing to search")
  func nothingToSearch() {
    let text = FlipSearch(
      signature: Kinds.intent, values: [.text("hello")], original: Income.prediction())
    #expect(text.candidates.isEmpty)
    let picture = FlipSearch(
      signature: Kinds.digits, values: [.image(Kinds.pixels)], original: Income.prediction())
    #expect(picture.candidates.isEmpty)
  }
}
