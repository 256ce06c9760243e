# Sources of driver/error, relative to driver/.
set(IRISLINK_DRIVER_ERROR_SOURCES
    error/sqlstate_table.cpp
)
