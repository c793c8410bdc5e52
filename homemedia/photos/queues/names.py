"""Which kinds of jobs each queue of the photo API stands for."""

from collections.abc import Mapping
from types import MappingProxyType

from homemedia.library.artwork.maker import KIND as ARTWORK
from homemedia.library.jobs import REFRESH, SCAN
from homemedia.library.managed import TIDY_JOB
from homemedia.library.rendition import SWEEP_JOB
from homemedia.photos.meaning import KIND as MEANING
from homemedia.photos.models import Todo
from homemedia.photos.placing import KIND as PLACING
from homemedia.photos.playable import KIND as PLAYABLE
from homemedia.photos.settle import KIND as SETTLE
from homemedia.photos.sidecars import KIND as SIDECARS
from homemedia.photos.trash import EMPTY_JOB, EXPIRE_JOB, FORGET_JOB

# Of slices that lie higher: the copies of the whole house, what is pushed and mailed (the inbox itself never waits).
BACKUP = "backup"
PUSH, DIGEST = "push", "digest"
# The queue of scans, which the icon beside the clock holds too.
SCANS = "library"
# Facts and pictures of a photo are one reading of its file, so two of the queues are one kind of job.
QUEUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "thumbnailGeneration": (SETTLE, ARTWORK),
        "metadataExtraction": (SETTLE,),
        "videoConversion": (PLAYABLE,),
        "faceDetection": (),
        "facialRecognition": (),
        "smartSearch": (MEANING,),
        "duplicateDetection": (),
        "backgroundTask": (EMPTY_JOB, EXPIRE_JOB, FORGET_JOB, TIDY_JOB, SWEEP_JOB),
        "storageTemplateMigration": (PLACING,),
        "migration": (),
        "search": (),
        "sidecar": (SIDECARS,),
        SCANS: (SCAN, REFRESH),
        "notifications": (PUSH, DIGEST),
        "backupDatabase": (BACKUP,),
        "ocr": (),
        "workflow": (),
        "integrityCheck": (),
        "editor": (),
    }
)
# What photos are owed, and which queue pays it; a job of such a queue works for all photos.
OWED: Mapping[str, Todo] = MappingProxyType(
    {"thumbnailGeneration": Todo.PICTURES, "metadataExtraction": Todo.FACTS, "videoConversion": Todo.PLAYABLE}
)
