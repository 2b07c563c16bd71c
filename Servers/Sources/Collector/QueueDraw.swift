public import Domain
public import Feedback
internal import Statistics

/// The records that a queue is made of, read from a file of lines and drawn from.
public struct QueueDraw: Sendable {
  /// A line that cannot be in a queue.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1 on.
    public var line: Int
    public var reason: String

    public var description: String { "line \(line): \(reason)" }
  }

  public private(set) var lines: [QueueLine] = []
  /// Records that the lines were drawn from.
  public private(set) var population = 0

  /// Reads every line of a queue of a model; blank ones are passed over. A wrong one ends it: what analysts get is what was
  /// meant.
  public init(_ bytes: [UInt8], of model: ModelID) throws(Fault) {
    var places: [QueueLine.Name: Int] = [:]
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      let read: QueueLine
      do throws(EventBodyError) {
        read = try QueueLine(bytes: Array(line), of: model)
      } catch {
        throw Fault(line: index + 1, reason: error.reason)
      }
      // Under one name it would be one case at the analyst's, and another record of that name would be left out there.
      if let name = read.name, let earlier = places.updateValue(index + 1, forKey: name) {
        throw Fault(line: index + 1, reason: "its id is that of line \(earlier) as well")
      }
      lines.append(read)
    }
    population = lines.count
  }

  /// Keeps so many of the lines, drawn evenly by the seed; the same seed draws the same ones. Each line's probability
  /// becomes that of having been in the file and of having been drawn from it.
  public mutating func draw(_ count: Int, seed: UInt64) {
    guard count < lines.count, count > 0 else { return }
    var generator = SplitMix64(seed: seed)
    let share = Double(count) / Double(lines.count)
    lines = lines.shuffled(using: &generator).prefix(count).map { $0.drawn(with: $0.propensity * share) }
  }

  /// The file that analysts fetch.
  public var bytes: [UInt8] { Array(lines.map { $0.json.serialized + [0x0A] }.joined()) }
}
