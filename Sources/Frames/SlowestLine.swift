/// The slowest line that the screen is to be quick on: 64 kbit/s.
public enum SlowestLine {
  /// Bytes that it brings in a millisecond, less what packets take for themselves.
  private static let bytesAMillisecond = 7
  /// What a packet of ssh has around its text.
  private static let envelope = 90

  /// How long it takes for so many bytes.
  public static func transit(of bytes: Int) -> Duration {
    bytes == 0 ? .zero : .milliseconds((bytes + envelope) / bytesAMillisecond)
  }
}
