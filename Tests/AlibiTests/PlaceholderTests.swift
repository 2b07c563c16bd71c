import Alibi
