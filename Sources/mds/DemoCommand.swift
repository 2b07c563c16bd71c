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
    let looks = try looks.looks()
    let demo: Demo
    let workspace: Workspace
    do throws(Problem) {
      demo = try Demo()
    } catch {
      throw Failure(error)
    }
    defer { demo.close() }
    do throws(Problem) {
      workspace = try Workspace(demo.context)
    } catch {
      throw Failure(error)
    }
    let seeds = !empty
    let status = try Session.run(workspace, looks: looks) { post in
      guard seeds else { return }
      Task.detached { await demo.seed(workspace, post) }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// The workbench on a service that is there.
struct WorkbenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench on a deployment service.")

  @OptionGroup var target: TargetOptions
  @OptionGroup var looks: LooksOptions

  func run() throws {
    let status = try Session.run(try target.workspace(), looks: try looks.looks())
    if status != 0 { throw ExitCode(status) }
  }
}
