public import Domain
internal import Glibc

/// The clocks, names and chance of this machine.
public enum Machine {
  /// The wall clock, UTC.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  /// Minutes that local time is ahead of UTC at a moment. A machine that travels hears of its new zone.
  public static func timeZoneMinutes(at moment: Timestamp) -> Int {
    var seconds = time_t(Double(moment.microseconds) / 1_000_000)
    var local = tm()
    tzset()
    guard localtime_r(&seconds, &local) != nil else { return 0 }
    return local.tm_gmtoff / 60
  }

  /// Milliseconds since the machine started.
  static var monotonicMilliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Seconds since the machine started.
  static var monotonicSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Names this run of the machine, so that its monotonic clock can be compared.
  static let bootID: String = {
    let text = Files.read("/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return String(text.prefix(36))
  }()

  public static var host: String {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, 255)
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The number of the account that the program acts for.
  static var account: UInt32 { geteuid() }

  /// The account's name; its number where it has none.
  public static var user: String {
    environment("USER") ?? environment("LOGNAME") ?? entry { $0.pw_name } ?? "\(getuid())"
  }

  /// The home folder: `HOME`, else what the account has; nil where neither names one, as for an account that is a number.
  static var home: String? {
    let named = environment("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    return named ?? entry { $0.pw_dir }.flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  private static func entry(_ member: (passwd) -> UnsafeMutablePointer<CChar>?) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { buffer in
      var record = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let base = buffer.baseAddress,
        getpwuid_r(getuid(), &record, base, buffer.count, &found) == 0, found != nil, let text = member(record)
      else { return nil }
      return String(cString: text)
    }
  }

  public static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  static func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// A number of chance, for draws that are to be repeatable once it is known.
  static func seed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }

  /// A version 4 UUID.
  static func uuid() -> String {
    var bytes = randomBytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Hexadecimal.text(of: bytes)
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { range in
      String(hex.dropFirst(range.0).prefix(range.1 - range.0))
    }.joined(separator: "-")
  }
}
