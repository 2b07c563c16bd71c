public import SafeText

/// Numbers as the screens show them: no leading zero under 1, U+2212 for minus, thin grouping, units after a space.
public enum Numeral {
  /// What stands where there is no value; never a zero.
  public static let absent: SafeText = "·"

  /// `.83`, `−.97`, `42.1`; with `signed` also `+2.17`; from 1e15 on `3e17`. What rounds to zero has no sign.
  public static func decimal(_ value: Double?, places: Int = 2, signed: Bool = false) -> SafeText {
    guard let value else { return absent }
    guard value.isFinite else { return special(value, signed: signed) }
    if value.magnitude >= 1e15 { return (signed && value > 0 ? "+" : "") + scientific(value) }
    var digits = fixed(value.magnitude, places: places)
    let isZero = !digits.utf8.contains { (0x31...0x39).contains($0) }
    if digits.hasPrefix("0."), digits.utf8.count > 2 { digits.removeFirst() }
    return SafeText(sign(of: value, signed: signed, isZero: isZero) + digits)
  }

  /// `1 204`, `−17`.
  public static func count(_ value: Int?) -> SafeText {
    guard let value else { return absent }
    return SafeText((value < 0 ? "−" : "") + grouped(String(value.magnitude)))
  }

  /// A measured number without decimals, grouped: `12 345`.
  public static func whole(_ value: Double) -> SafeText {
    value.magnitude < 1e15 ? count(Int(value.rounded())) : decimal(value, places: 0)
  }

  /// A p-value: `.34`, `.012`, under .001 `8e−42`, from .995 on `1`; 0 when it is below what a Double can hold.
  public static func pValue(_ value: Double?) -> SafeText {
    guard let value else { return absent }
    guard value.isFinite else { return special(value, signed: false) }
    if value >= 0.995 { return "1" }
    if value >= 0.001 { return decimal(value, places: value >= 0.1 ? 2 : 3) }
    return value == 0 ? "0" : scientific(value)
  }

  /// One digit and a power of ten: `8e−42`, `3e17`.
  public static func scientific(_ value: Double) -> SafeText {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : special(value, signed: false) }
    let (digits, exponent) = shortest(value.magnitude)
    let first = Int(digits[0])
    let tail = digits.dropFirst()
    let isMore = tail.first.map { $0 > 5 || ($0 == 5 && (tail.count > 1 || first % 2 == 1)) } ?? false
    let lead = isMore ? first + 1 : first
    let power = lead == 10 ? exponent + 1 : exponent
    return SafeText("\(value < 0 ? "−" : "")\(lead == 10 ? 1 : lead)e\(power < 0 ? "−" : "")\(power.magnitude)")
  }

  /// A share of 1 as `62 %`.
  public static func percent(_ share: Double?, places: Int = 0) -> SafeText {
    guard let share else { return absent }
    guard (share * 100).isFinite else { return special(share * 100, signed: false) }
    if (share * 100).magnitude >= 1e15 { return scientific(share * 100) + " %" }
    let digits = fixed((share * 100).magnitude, places: places)
    let isZero = !digits.utf8.contains { (0x31...0x39).contains($0) }
    return SafeText(sign(of: share, signed: false, isZero: isZero) + digits + " %")
  }

  /// A number of the input, as short as it can be without loss: `4787`, `2.8`, `0.75`; very large or small ones `1e−07`.
  public static func exact(_ value: Double) -> SafeText {
    guard value.isFinite else { return special(value, signed: false) }
    var text = value.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    return SafeText(String(text.map { $0 == "-" ? "−" : $0 }))
  }

  /// Milliseconds as `41 ms`, `.4 ms`, from ten seconds on `12.4 s`.
  public static func milliseconds(_ value: Double?) -> SafeText {
    guard let value else { return absent }
    if value >= 10_000 { return decimal(value / 1000, places: 1) + " s" }
    return decimal(value, places: value.magnitude < 1 ? 1 : 0) + " ms"
  }

  /// Bytes as `82 bytes`, `84 KB`, `3.1 MB`, `212 MB`; a thousand each.
  public static func bytes(_ count: Int?) -> SafeText {
    guard let count else { return absent }
    if count.magnitude < 1000 { return SafeText("\(count) \(count == 1 ? "byte" : "bytes")") }
    var size = Double(count)
    for unit: SafeText in [" KB", " MB", " GB", " TB"] {
      size /= 1000
      if size.magnitude < 999.5 || unit == " TB" { return decimal(size, places: size < 9.95 ? 1 : 0) + unit }
    }
    return absent
  }

  /// Shares as whole percents that add up to 100: the largest remainders are rounded up.
  public static func percents(_ values: [Double]) -> [Int] {
    let total = values.reduce(0, +)
    guard total > 0, total.isFinite else { return values.map { _ in 0 } }
    let exact = values.map { $0 * 100 / total }
    guard exact.allSatisfy({ $0.magnitude < 1e9 }) else { return values.map { _ in 0 } }
    var whole = exact.map { Int($0.rounded(.down)) }
    let missing = 100 - whole.reduce(0, +)
    let order = exact.indices.sorted {
      (exact[$0] - exact[$0].rounded(.down), $1) > (exact[$1] - exact[$1].rounded(.down), $0)
    }
    for index in order.prefix(max(0, missing)) { whole[index] += 1 }
    return whole
  }

  private static func special(_ value: Double, signed: Bool) -> SafeText {
    value.isNaN ? "NaN" : value < 0 ? "−inf" : signed ? "+inf" : "inf"
  }

  private static func sign(of value: Double, signed: Bool, isZero: Bool) -> String {
    isZero ? "" : value < 0 ? "−" : signed ? "+" : ""
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return text
  }

  /// `places` decimals, rounded as the exact binary value says, ties to even: what C's printf writes.
  static func fixed(_ magnitude: Double, places: Int) -> String {
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    let product = magnitude * power
    guard product < 9e15 else {
      let (digits, exponent) = shortest(magnitude)
      guard exponent < 400 else { return "inf" }
      let whole = digits.prefix(exponent + 1).map { String($0) }.joined()
      let zeros = String(repeating: "0", count: max(0, exponent + 1 - digits.count))
      return whole + zeros + (places > 0 ? "." + String(repeating: "0", count: places) : "")
    }
    // What the product lost to rounding.
    let residue = (-product).addingProduct(magnitude, power)
    let floor = product.rounded(.down)
    let fraction = product - floor
    var whole = UInt64(floor)
    // Looked at apart: beside a half it is too small to be added. Beside nothing, or nearly one, it rounds the same way.
    let isAtHalf = fraction == 0.5
    if fraction > 0.5 || (isAtHalf && residue > 0) || (isAtHalf && residue == 0 && whole % 2 == 1) { whole += 1 }
    var digits = String(whole)
    guard places > 0 else { return digits }
    if digits.utf8.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
    }
    return digits.dropLast(places) + "." + digits.suffix(places)
  }

  /// The shortest digits that read back as the value, and the power of ten of the first.
  private static func shortest(_ magnitude: Double) -> (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var text = Array(magnitude.description.utf8)[...]
    if let mark = text.firstIndex(of: 0x65) {
      exponent = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
      text = text[..<mark]
    }
    for byte in text {
      if byte == 0x2E { point = digits.count } else { digits.append(byte - 0x30) }
    }
    let leading = digits.prefix { $0 == 0 }.count
    exponent += (point ?? digits.count) - 1 - leading
    digits.removeFirst(min(leading, digits.count - 1))
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    return (digits, exponent)
  }
}
