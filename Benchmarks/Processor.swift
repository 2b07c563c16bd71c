import Foundation

/// The processors that this process, and those that it starts from then on, may use; all stay where there is one.
enum Processor {
  /// The first one, for servers.
  static func useFirst() throws { if count > 1 { try set("0") } }

  /// All others, for clients.
  static func useOthers() throws { if count > 1 { try set("1-\(count - 1)") } }

  static func useAll() throws { try set("0-\(count - 1)") }

  private static var count: Int { max(1, ProcessInfo.processInfo.processorCount) }

  private static func set(_ list: String) throws {
    try Programs.run(["/usr/bin/taskset", "-acp", list, "\(ProcessInfo.processInfo.processIdentifier)"])
  }
}
