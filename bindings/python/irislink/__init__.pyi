from .connection import Connection as Connection
from .connection import connect as connect
from .cursor import Cursor as Cursor
from .cursor import LongStream as LongStream
from .exceptions import DatabaseError as DatabaseError
from .exceptions import DataError as DataError
from .exceptions import Error as Error
from .exceptions import IntegrityError as IntegrityError
from .exceptions import InterfaceError as InterfaceError
from .exceptions import InternalError as InternalError
from .exceptions import NotSupportedError as NotSupportedError
from .exceptions import OperationalError as OperationalError
from .exceptions import ProgrammingError as ProgrammingError
from .exceptions import Warning as Warning
from .types import BINARY as BINARY
from .types import DATE as DATE
from .types import DATETIME as DATETIME
from .types import NUMBER as NUMBER
from .types import ROWID as ROWID
from .types import STRING as STRING
from .types import TIME as TIME
from .types import TIMESTAMP as TIMESTAMP
from .types import UUID as UUID
from .types import Binary as Binary
from .types import Date as Date
from .types import DateFromTicks as DateFromTicks
from .types import Isolation as Isolation
from .types import Time as Time
from .types import TimeFromTicks as TimeFromTicks
from .types import Timestamp as Timestamp
from .types import TimestampFromTicks as TimestampFromTicks
from .types import list_from as list_from

apilevel: str
threadsafety: int
paramstyle: str
__version__: str
createConnection = connect
__all__: list[str]  # noqa: PYI035
