import ArgumentParser
import Domain
import Operations
import Workbench

/// The workbench on a service of its own.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open the workbench on a service on this machine, with real models.",
    discussion: "It reads no file of yours; everything is gone when you quit.")

  @OptionGroup var looks: LooksOptions
  @Flag(help: "Do not score the shipped records.") var empty = false

  func run() throws {
    let looks = try looks.looks(UserSettings.none)
    let demo = try Attempt.now { () throws(Problem) in try Demo() }
    defer { demo.close() }
    let workspace = try Attempt.now { () throws(Problem) in try Workspace(demo.context) }
    let seeds = !empty
    let status = try Session.run(workspace, UserSettings.none, looks: looks, isPrivate: true) { post in
      guard seeds else { return }
      // Said before the first screen, so that nobody takes the empty ledger for all there is.
      post(.models(.prepared("preparing…")))
      Task.detached { await demo.seed(workspace, post) }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// The workbench on a service that is there.
struct WorkbenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench on a context. This is what mds alone does.",
    discussion:
      "Without a configuration it offers three ways to start, and reads and sends nothing before one is chosen.")

  @OptionGroup var target: TargetOptions
  @OptionGroup var looks: LooksOptions
  @Flag(help: "Open Models, not the screen that you left, and say no first lines.") var fresh = false

  func run() throws {
    let file = try Attempt.now { () throws(Problem) in try UserSettings() }
    let isFirst = FirstStart.isDue(file, target, self.looks)
    let looks = try looks.looks(file)
    if isFirst {
      let status = try Attempt.now { () throws(Problem) in try FirstStart.run(file, looks: looks) }
      if status != 0 { throw ExitCode(status) }
      return
    }
    let status = try Session.run(try target.workspace(in: file), file, looks: looks, isFresh: fresh)
    if status != 0 { throw ExitCode(status) }
  }
}
