# arm-none-eabi.cmake - CMake toolchain: bare-metal ARM with GNU tools, Cortex-M3 unless told otherwise
#
# SPDX-License-Identifier: MIT
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_AR arm-none-eabi-gcc-ar)          # the gcc- wrappers understand LTO objects
set(CMAKE_RANLIB arm-none-eabi-gcc-ranlib)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # a program would need a linker script

set(TWILIO_CPU cortex-m3 CACHE STRING "what gcc's -mcpu takes")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TWILIO_CPU)

set(CMAKE_C_FLAGS_INIT "-mcpu=${TWILIO_CPU} -mthumb -ffunction-sections -fdata-sections -g")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections -Wl,--fatal-warnings")
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)  # the compiler's own helpers; no libc

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
