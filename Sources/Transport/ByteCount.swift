/// A number of bytes as a person says it.
enum ByteCount {
  static func spoken(_ count: Int) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where count >= size {
      return count % size == 0 ? "\(count / size) \(unit)" : "\(count) bytes"
    }
    return "\(count) bytes"
  }
}
