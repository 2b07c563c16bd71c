import Foundation
import Glibc
import PtyTesting

/// The workbench beside the terminal programs that people know, on this machine, in one run.
enum Peers {
  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let fixtures = try Fixtures(in: folder)
      let others = try OtherPrograms.all(fixtures)
      return try await OwnPrograms.with(in: folder) { own in
        var measured: [PeerMeasures] = []
        for peer in own + others {
          var measures = PeerMeasures(peer, home: fixtures.home)
          if peer.version != nil { measures.measure() }
          measured.append(measures)
        }
        let comparison = Comparison(measured)
        print(comparison.text)
        return comparison.verdicts
      }
    }
  }
}
