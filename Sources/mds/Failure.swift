import ArgumentParser
import Domain
import Glibc
import SafeText

/// A problem as a command reports it: what happened, what helps, on standard error.
struct Failure: Error, CustomStringConvertible {
  var problem: Problem

  init(_ problem: Problem) { self.problem = problem }

  var description: String {
    [problem.summary, problem.advice, problem.detail].filter { !$0.isEmpty }
      .flatMap { SafeText.lines(of: $0) }.map(\.text).joined(separator: "\n  ")
  }

  var status: ExitStatus { ExitStatus(problem.kind) }
}

/// How a command ends.
enum ExitStatus: Int32 {
  case success = 0
  case failure = 1
  case usage = 2
  case unreachable = 3
  case conflict = 4
  case invalidInput = 5

  init(_ kind: Problem.Kind) {
    switch kind {
    case .failure: self = .failure
    case .unreachable: self = .unreachable
    case .conflict: self = .conflict
    case .invalidInput: self = .invalidInput
    }
  }

  var code: ExitCode { ExitCode(rawValue) }
}

/// Runs work that fails with a problem, as a command.
enum Attempt {
  static func run<Result>(_ body: () async throws(Problem) -> Result) async throws -> Result {
    do throws(Problem) {
      return try await body()
    } catch {
      throw Failure(error)
    }
  }

  static func now<Result>(_ body: () throws(Problem) -> Result) throws -> Result {
    do throws(Problem) {
      return try body()
    } catch {
      throw Failure(error)
    }
  }
}

/// Ends the program with what an error says: its words on standard error, help and versions on standard output.
func end(with error: any Error) -> Never {
  if let failure = error as? Failure {
    Standard.endProgress()
    Standard.error("mds: \(failure.description)\n")
    quit(failure.status.rawValue)
  }
  let code = MDS.exitCode(for: error)
  let message = MDS.fullMessage(for: error)
  if code == .success {
    Standard.verbatim(message.isEmpty ? "" : message + "\n")
    quit(0)
  }
  if !message.isEmpty { Standard.error(message + "\n") }
  // ArgumentParser's own is sysexits' EX_USAGE.
  quit(code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue)
}
