import Domain

@testable import Workbench

extension Scene {
  static let search: [Scene] =
    [
      Scene("search", "loading") {
        var story = Story()
        story.happens(.linked(service: .up, collector: .up))
        story.press("gs")
        return story
      },
      Scene("search", "empty") { try SearchScreenTests.answered(SearchResults([], cases: 0), text: "") },
      Scene("search", "nothing-found") {
        try SearchScreenTests.answered(SearchResults([], cases: 1318), text: "bonus year")
      },
      Scene("search", "failed") {
        var story = try SearchScreenTests.answered(SearchResults([], cases: 1318))
        story.press(" x")
        story.happens(.search(.failed(Trouble.ledger, order: story.state.search.order)))
        return story
      },
      Scene("search", "loaded") { try SearchScreenTests.listed() },
      Scene("search", "typing") { try SearchScreenTests.answered() },
      Scene("search", "stale") {
        var story = try SearchScreenTests.listed()
        story.press("R")
        story.happens(.search(.failed(Trouble.ledger, order: story.state.search.order)))
        return story
      },
    ]

  static let log: [Scene] = [
    Scene("log", "empty") {
      var story = Story()
      story.press("gl")
      return story
    },
    Scene("log", "loaded") {
      var story = LogScreenTests.morning()
      story.press("gl")
      return story
    },
  ]
}
