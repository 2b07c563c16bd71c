import Foundation

/// The processors that this process, and those that it starts from then on, may use; all stay where there is one.
enum Processor {
  static func use(_ index: Int) throws {
    if ProcessInfo.processInfo.processorCount > 1 { try set("\(index)") }
  }

  static func useAll() throws { try set("0-\(max(0, ProcessInfo.processInfo.processorCount - 1))") }

  private static func set(_ list: String) throws {
    try Programs.run(["/usr/bin/taskset", "-acp", list, "\(ProcessInfo.processInfo.processIdentifier)"])
  }
}
