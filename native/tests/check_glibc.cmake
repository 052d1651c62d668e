# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
#
# cmake -DOBJDUMP=PROGRAM -DLIBRARY=FILE -DFLOOR=VERSION -P check_glibc.cmake
# Fails when a library needs a symbol of a glibc that is newer than the floor: it would not be loaded on the oldest systems supported.

execute_process(COMMAND ${OBJDUMP} -T ${LIBRARY} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "GLIBC_[0-9.]+\\)? +[A-Za-z_0-9]+" needed "${symbols}")
foreach(symbol IN LISTS needed)
    string(REGEX MATCH "GLIBC_([0-9.]+)\\)? +(.*)" parts "${symbol}")
    if(CMAKE_MATCH_1 VERSION_GREATER FLOOR)
        message(SEND_ERROR "${CMAKE_MATCH_2} needs glibc ${CMAKE_MATCH_1}, and the floor is ${FLOOR}")
    endif()
endforeach()
