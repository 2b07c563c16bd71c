import Foundation
import Frames
import SafeText
import Testing

@Suite("Numeral")
struct NumeralTests {
  @Test(
    "writes decimals without a leading zero, with U+2212, without a signed zero",
    arguments: [
      (0.83, 2, false, ".83"), (-0.97, 2, true, "−.97"), (2.17, 2, true, "+2.17"), (0, 2, true, ".00"),
      (-0.004, 2, true, ".00"), (42.14, 1, false, "42.1"), (0.125, 2, false, ".12"), (0.375, 2, false, ".38"),
      (1.115, 2, false, "1.11"), (2.5, 0, false, "2"), (3.5, 0, false, "4"), (0.4, 0, false, "0"),
      (-0.6, 0, false, "−1"),
      (.nan, 2, true, "NaN"), (-.infinity, 2, true, "−inf"), (1e20, 1, false, "1e20"),
      (1e300, 3, true, "+1e300"), (-1e300, 2, true, "−1e300"), (9e14, 0, false, "900000000000000"),
      (0.999, 2, false, "1.00"), (0.05, 2, true, "+.05"), (0.005, 2, false, ".01"), (0.015, 2, false, ".01"),
      (0.285, 2, false, ".28"), (1e-9, 2, false, ".00"), (2.9999999999999996, 0, false, "3"),
    ] as [(Double, Int, Bool, String)])
  func decimals(value: Double, places: Int, signed: Bool, text: String) {
    #expect(Numeral.decimal(value, places: places, signed: signed).text == text)
  }

  @Test("rounds as C does", arguments: 0..<10)
  func roundsAsC(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let places = Int.random(in: 0...6, using: &dice)
      let value =
        Bool.random(using: &dice)
        ? Double.random(in: 0..<1000, using: &dice) : Double(Int.random(in: 0..<100_000, using: &dice)) / 1000
      var wanted = String(format: "%.\(places)f", value)
      if wanted.hasPrefix("0."), places > 0 { wanted.removeFirst() }
      #expect(Numeral.decimal(value, places: places).text == wanted, "\(value) with \(places)")
    }
  }

  @Test(
    "writes p-values, the smallest in powers of ten",
    arguments: [
      (1, "1"), (0.997, "1"), (0.34, ".34"), (0.0123, ".012"), (0.001, ".001"), (8.2e-42, "8e−42"), (9.7e-5, "1e−4"),
      (.leastNonzeroMagnitude, "5e−324"), (0, "0"), (.nan, "NaN"),
    ] as [(Double, String)])
  func pValues(value: Double, text: String) {
    #expect(Numeral.pValue(value).text == text)
  }

  @Test("groups thousands and says what there is no value for")
  func counts() {
    #expect(Numeral.count(1204).text == "1 204")
    #expect(Numeral.count(-1_234_567).text == "−1 234 567")
    #expect(Numeral.count(999).text == "999")
    #expect(Numeral.count(nil) == Numeral.absent)
    #expect(Numeral.decimal(nil).text == "·")
    #expect(Numeral.count(.min).text == "−9 223 372 036 854 775 808")
  }

  @Test("writes percents, milliseconds, bytes, ages and numbers of the input")
  func units() {
    #expect(Numeral.percent(0.62).text == "62 %")
    #expect(Numeral.percent(1e300).text == "1e302 %")
    #expect(Numeral.percent(-0.005, places: 1).text == "−0.5 %")
    #expect(Numeral.milliseconds(41).text == "41 ms")
    #expect(Numeral.milliseconds(0.4).text == ".4 ms")
    #expect(Numeral.milliseconds(12_400).text == "12.4 s")
    #expect(Numeral.bytes(82).text == "82 bytes")
    #expect(Numeral.bytes(84_000).text == "84 KB")
    #expect(Numeral.bytes(3_100_000).text == "3.1 MB")
    #expect(Numeral.bytes(999_600).text == "1.0 MB")
    #expect(Numeral.age(30).text == "now")
    #expect(Numeral.age(7300).text == "2 h")
    #expect(Numeral.age(3 * 86_400).text == "3 d")
    #expect(Numeral.exact(4787).text == "4787")
    #expect(Numeral.exact(0.75).text == "0.75")
    #expect(Numeral.exact(-2.8).text == "−2.8")
  }

  @Test("makes percents that add up to 100", arguments: [[1.0, 1, 1], [0.5, 0.25, 0.25], [7, 0, 3, 11], [1e-9, 1]])
  func percents(values: [Double]) {
    #expect(Numeral.percents(values).reduce(0, +) == 100)
  }

  @Test("tells UTC times as the calendar does", arguments: [0, 1_794_441_840, -1, 951_782_400, 4_102_444_799, -86_401])
  func times(seconds: Int) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .weekday], from: Date(timeIntervalSince1970: Double(seconds)))
    let two = { (number: Int?) in String(format: "%02d", number ?? -1) }
    #expect(Numeral.clock(seconds).text == "\(two(parts.hour)):\(two(parts.minute))Z")
    #expect(Numeral.date(seconds).text == "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))")
    let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(parts.weekday ?? 1) - 1]
    #expect(Numeral.day(seconds).text == "\(day) \(parts.day ?? 0)")
    #expect(Numeral.moment(seconds, now: seconds) == Numeral.clock(seconds))
    #expect(Numeral.moment(seconds, now: seconds + 86_400) == Numeral.date(seconds))
  }
}
